import type { OperationName } from '../../../graph/operations.ts'
import type { Program } from '../../../graph/program.ts'
import { size, type Tensor } from '../../../graph/tensor.ts'
import { Emitter } from '../emitter.ts'
import type { LoweredProgram, LoweringTable, PlainValues } from '../lowering.ts'
import { lowerProgram } from '../lowerProgram.ts'
import { elementwiseOperators } from '../operators/elementwise.ts'
import { rowOperators } from '../operators/rows.ts'
import { channelOperators } from './channels.ts'
import { convolutionOperators } from './convolution.ts'
import { normalizationOperators } from './normalization.ts'
import { pixelOperators } from './pixels.ts'
import { poolingOperators } from './pooling.ts'
import { resizeOperators } from './resize.ts'
import { upsampleConvolutionOperators } from './upsampleConvolution.ts'

class NamedValues implements PlainValues {
  readonly emitter = new Emitter()
  private readonly names = new Map<Tensor, string>()

  plain(tensor: Tensor): string {
    const name = this.names.get(tensor)
    if (name === undefined) throw new Error(`${tensor.node.operation} is read before it is made`)
    return name
  }

  setPlain(tensor: Tensor, name: string): void {
    this.names.set(tensor, name)
  }
}

const operators: LoweringTable<PlainValues, Exclude<OperationName, 'parameter' | 'input' | 'constant'>> = {
  ...elementwiseOperators,
  ...rowOperators,
  ...convolutionOperators,
  ...upsampleConvolutionOperators,
  ...normalizationOperators,
  ...channelOperators,
  ...poolingOperators,
  ...resizeOperators,
  ...pixelOperators,
}

/**
 * The program in standard ONNX operators on row-major tensors, for every execution provider. Parameters, buffers and flat
 * vectors are stored in their logical order.
 */
export function lowerPlain(program: Program): LoweredProgram {
  const values = new NamedValues()
  return lowerProgram<PlainValues>(program, {
    values,
    operators,
    store: ({ shape }) => {
      const length = size(shape)
      return { dims: shape, length, positions: () => Int32Array.from({ length }, (_, index) => index) }
    },
    bufferDims: (channels) => [channels],
    setStored: (tensor, name) => {
      values.setPlain(tensor, name)
    },
    stored: (tensor) => values.plain(tensor),
  })
}
