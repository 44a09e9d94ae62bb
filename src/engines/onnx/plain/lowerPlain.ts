import type { OperationName } from '../../../graph/operations.ts'
import type { Program } from '../../../graph/program.ts'
import { size, type Tensor } from '../../../graph/tensor.ts'
import { rowMajorRows } from '../chunks.ts'
import { Emitter, type Target } from '../emitter.ts'
import type { LoweredProgram, LoweringTable, PlainValues } from '../lowering.ts'
import { lowerProgram } from '../lowerProgram.ts'
import { elementwiseOperators } from '../operators/elementwise.ts'
import { matrixOperators } from '../operators/matrices.ts'
import { rowOperators } from '../operators/rows.ts'
import { channelOperators } from './channels.ts'
import { convolutionOperators } from './convolution.ts'
import { normalizationOperators } from './normalization.ts'
import { pixelOperators } from './pixels.ts'
import { poolingOperators } from './pooling.ts'
import { resizeOperators } from './resize.ts'
import { upsampleConvolutionOperators } from './upsampleConvolution.ts'

class NamedValues implements PlainValues {
  readonly emitter: Emitter
  private readonly names = new Map<Tensor, string>()

  constructor(target: Target) {
    this.emitter = new Emitter(target)
  }

  plain(tensor: Tensor): string {
    const name = this.names.get(tensor)
    if (name === undefined) throw new Error(`${tensor.node.operation} is read before it is made`)
    return name
  }

  setPlain(tensor: Tensor, name: string): void {
    this.names.set(tensor, name)
  }
}

export type PlainOperators = LoweringTable<PlainValues, Exclude<OperationName, 'parameter' | 'input' | 'constant'>>

export const plainOperators: PlainOperators = {
  ...elementwiseOperators,
  ...rowOperators,
  ...matrixOperators,
  ...convolutionOperators,
  ...upsampleConvolutionOperators,
  ...normalizationOperators,
  ...channelOperators,
  ...poolingOperators,
  ...resizeOperators,
  ...pixelOperators,
}

/** The program in standard ONNX operators on row-major tensors, in the forms that suit a CPU. */
export function lowerPlain(program: Program): LoweredProgram {
  return lowerRowMajor(program, plainOperators, 'cpu')
}

/** Parameters, buffers and flat vectors are stored in their logical order. */
export function lowerRowMajor(program: Program, operators: PlainOperators, target: Target): LoweredProgram {
  const values = new NamedValues(target)
  return lowerProgram<PlainValues>(program, {
    values,
    operators,
    store: ({ shape }) => {
      const length = size(shape)
      return {
        dims: shape,
        length,
        positions: () => Int32Array.from({ length }, (_, index) => index),
        rows: rowMajorRows(shape),
      }
    },
    bufferDims: (channels) => [channels],
    setStored: (tensor, name) => {
      values.setPlain(tensor, name)
    },
    stored: (tensor) => values.plain(tensor),
  })
}
