import type { LoweringTable } from '../lowering.ts'
import { activate } from '../operators/activation.ts'
import { denseWeight, fusedActivation } from './convolution.ts'
import { correlate } from './correlation.ts'
import { transposed } from './matrix.ts'
import type { BlockedValues } from './values.ts'
import { flipBlocks, inOrder } from './weights.ts'

/**
 * conv3×3 over a nearest 2× upsampling, computed at low resolution. An output pixel of parity a sees two low-resolution
 * rows: the 3 kernel rows fall on them as {0}, {1, 2} (a = 0) or {0, 1}, {2} (a = 1), likewise columns. So: four
 * convolutions 2×2 with summed taps, 4/9 of the multiplications, interleaved.
 */
const rowsSeen: readonly (readonly (readonly number[])[])[] = [
  [[0], [1, 2]],
  [[0, 1], [2]],
]

/** [4 phases, 4 taps of 2×2, 9 taps of 3×3]: which taps of the kernel each phase sums. */
function phaseMatrix(): Float32Array {
  const matrix = new Float32Array(4 * 4 * 9)
  for (let phase = 0; phase < 4; phase++)
    for (let tap = 0; tap < 4; tap++)
      for (let source = 0; source < 9; source++) {
        const seesRow = rowsSeen[phase >> 1][tap >> 1].includes(Math.floor(source / 3))
        const seesColumn = rowsSeen[phase & 1][tap & 1].includes(source % 3)
        if (seesRow && seesColumn) matrix[(phase * 4 + tap) * 9 + source] = 1
      }
  return matrix
}

/** [9, 16]: a kernel row k meets dY at offsets 2 − k and 3 − k of a window of 4 (its gradient sums two of them). */
function windowMatrix(): Float32Array {
  const matrix = new Float32Array(9 * 16)
  const meets = (kernel: number, offset: number): boolean => offset === 2 - kernel || offset === 3 - kernel
  for (let tap = 0; tap < 9; tap++)
    for (let offset = 0; offset < 16; offset++)
      if (meets(Math.floor(tap / 3), offset >> 2) && meets(tap % 3, offset & 3)) matrix[tap * 16 + offset] = 1
  return matrix
}

export const upsampleConvolutionOperators: LoweringTable<
  BlockedValues,
  'upsampleConv2d' | 'upsampleConv2dInputGradient' | 'upsampleConv2dWeightGradient'
> = {
  upsampleConv2d: (values, { inputs: [x, weight, bias], attributes: { activation }, outputs: [output] }) => {
    const { emitter, block } = values
    const { name, N, H, W } = values.map(x)
    const { O, I, name: stored } = denseWeight(values, weight)
    const taps = emitter.reshape(stored, [1, (O / block) * (I / block), 9, block * block])
    const summed = emitter.op('MatMul', [emitter.floats([4, 1, 4, 9], phaseMatrix()), taps])
    const phases = emitter.ops('Split', 4, [summed], { axis: 0, num_outputs: 4 })
    const rows = [0, 1].map((a) => {
      const parts = [0, 1].map((b) => {
        const part = values.convolve(name, emitter.reshape(phases[2 * a + b], [O, I, 2, 2]), {
          kernel: [2, 2],
          pads: [1 - a, 1 - b, a, b],
          bias: bias && values.blocked(bias),
          activation: fusedActivation(activation),
        })
        return emitter.reshape(part, [((N * O) / block) * H * W, 1, block])
      })
      return emitter.reshape(emitter.op('Concat', parts, { axis: 1 }), [((N * O) / block) * H, 1, 2 * W * block])
    })
    const y = emitter.reshape(emitter.op('Concat', rows, { axis: 1 }), [N, O, 2 * H, 2 * W])
    values.setBlocked(output, activation === 'silu' ? activate(emitter, 'silu', y) : y)
  },

  /** dX[i] = Σ_t W₄[t]·dY[2i + t − 1]: ONE convolution 4×4 with stride 2. */
  upsampleConv2dInputGradient: (values, { inputs: [dy, weight, sum], outputs: [output] }) => {
    const { emitter, block } = values
    const { O, I, name } = denseWeight(values, weight)
    const blocks = (O / block) * (I / block)
    const spreadOut = emitter.op('MatMul', [
      emitter.floats([1, 16, 9], transposed(windowMatrix(), 9, 16)),
      emitter.reshape(name, [blocks, 9, block * block]),
    ])
    const flipped = emitter.op(
      'ReorderInput',
      [emitter.reshape(spreadOut, [blocks * 16, block, 1, block])],
      {},
      'com.microsoft.nchwc',
    )
    const exchanged =
      O === block || I === block
        ? flipped
        : emitter.transpose(emitter.reshape(flipped, [O / block, I / block, 16 * block * block]), [1, 0, 2])
    const dx = values.convolve(values.blocked(dy), emitter.reshape(exchanged, [I, O, 4, 4]), {
      kernel: [4, 4],
      stride: 2,
      pads: [1, 1, 1, 1],
      sum: sum && values.blocked(sum),
    })
    values.setBlocked(output, dx)
  },

  /** Σ_i x[i]·dY[2i + t − 1] for the 16 offsets t, then 16 → 9 taps. */
  upsampleConv2dWeightGradient: (values, { inputs: [x, dy], outputs: [output] }) => {
    const { emitter, block } = values
    const kernel = values.map(x)
    const { C: O, ...map } = values.surrounded(dy, [1, 1, 1, 1])
    const sliding = { ...map, blocks: O / block, lanes: block }
    const windows = correlate(values, sliding, kernel, { rows: 4, columns: 4, stride: 2, spacing: 1 })
    const name = emitter.op('MatMul', [emitter.floats([1, 1, 9, 16], windowMatrix()), windows])
    const flipped = flipBlocks(values, name, sliding.blocks * (kernel.C / block), 9, inOrder(9))
    values.setBlocked(output, emitter.reshape(flipped, [O, kernel.C, 3, 3]))
  },
}
