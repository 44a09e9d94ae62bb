import { Readers } from '../../../graph/passes/rewrite.ts'
import { isOperation, liveNodes, type Program } from '../../../graph/program.ts'
import { size, type Tensor } from '../../../graph/tensor.ts'
import { Emitter } from '../emitter.ts'
import type { LoweredProgram } from '../lowering.ts'
import { lowerProgram } from '../lowerProgram.ts'
import { elementwiseOperators } from '../operators/elementwise.ts'
import { matrixOperators } from '../operators/matrices.ts'
import { rowOperators } from '../operators/rows.ts'
import { channelOperators } from './channels.ts'
import { convolutionOperators } from './convolution.ts'
import { takingFactors } from './deferredScale.ts'
import { depthwiseOperators } from './depthwise.ts'
import { blockedElementwiseOperators } from './elementwise.ts'
import { expanding } from './expansion.ts'
import { normalizationOperators } from './normalization.ts'
import { pixelOperators } from './pixels.ts'
import { poolingOperators } from './pooling.ts'
import { resizeOperators } from './resize.ts'
import { upsampleConvolutionOperators } from './upsampleConvolution.ts'
import { BlockedValues } from './values.ts'
import { storageOf, storedDims, storedPositions, storedRows } from './weights.ts'

const operators = {
  ...elementwiseOperators,
  ...rowOperators,
  ...matrixOperators,
  ...expanding({
    ...takingFactors({ ...convolutionOperators, ...depthwiseOperators, ...upsampleConvolutionOperators }),
    ...normalizationOperators,
  }),
  ...channelOperators,
  ...poolingOperators,
  ...resizeOperators,
  ...pixelOperators,
  ...blockedElementwiseOperators,
}

/**
 * The program on ONNX Runtime's blocked CPU kernels (domain com.microsoft.nchwc), which its own layout pass only uses
 * with constant weights. Internal to the runtime: its version is pinned and every machine tests itself once.
 * @param block channels per block, from the probe
 */
export function lowerBlocked(program: Program, block: number): LoweredProgram {
  const live = liveNodes(program)
  const values = new BlockedValues(new Emitter(), block, new Readers(program, live))
  const isRowMajor = (source: Tensor): boolean =>
    isOperation(source.node, 'parameter') && storageOf(source, live, block) === 'rowMajor'
  return lowerProgram(program, {
    values,
    operators,
    store: (parameter) => {
      const storage = storageOf(parameter, live, block)
      const dims = storedDims(parameter.shape, storage, (channels) => values.padded(channels))
      return {
        dims,
        length: size(dims),
        positions: () => storedPositions(parameter.shape, storage, block),
        rows: storedRows(dims, storage, block),
      }
    },
    bufferDims: (channels) => [values.padded(channels)],
    setStored: (tensor, name) => {
      if (isRowMajor(tensor)) values.setPlain(tensor, name)
      else values.setBlocked(tensor, name)
    },
    stored: (tensor, as) => (isRowMajor(as) ? values.plain(tensor) : values.blocked(tensor)),
  })
}
