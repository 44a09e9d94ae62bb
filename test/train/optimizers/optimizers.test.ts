import { describe, expect, it } from 'vitest'
import { optimizers } from '../../../src/train/optimizers/registry.ts'
import { lowerings } from '../../parity/lowerings.ts'
import { onOnnxRuntime, runOptimizer } from '../../parity/optimizers.ts'

const all = (await lowerings()).map(onOnnxRuntime)

const start = [1, -2, 0.5]
const gradients = [
  [0.4, -0.3, 0],
  [-0.2, 1.2, 0.1],
]

describe.each(all)('optimizers, $name', (engine) => {
  /** The one parameter after every step with the gradients above, and the norms. */
  async function run(
    name: string,
    given: Record<string, unknown>,
    options: { clipNorm?: number; accumulate?: number } = {},
  ) {
    const optimizer = optimizers.get(name)
    const { parameters, norms } = await runOptimizer(engine, {
      optimizer,
      args: optimizer.arguments.parse(given),
      lr: Number(given['lr']),
      start: new Map([['p', { shape: [start.length], data: Float32Array.from(start) }]]),
      gradients: new Map([['p', { shape: [2, start.length], data: Float32Array.from(gradients.flat()) }]]),
      ...options,
    })
    return { steps: parameters.map((tensors) => Array.from(tensors.get('p')!.data, Number)), norms }
  }

  function expectClose(actual: readonly number[] | undefined, expected: readonly number[]): void {
    expect(actual).toHaveLength(expected.length)
    expected.forEach((value, index) => {
      expect(actual![index]).toBeCloseTo(value, 6)
    })
  }

  it('Adam equals two steps by hand', async () => {
    const { steps } = await run('Adam', { lr: 0.1 })
    // m̂ = g and v̂ = g² in the first step: everything that moves, moves by lr.
    expectClose(steps[0], [0.9, -1.9, 0.5])
    const second = start.map((_, index) => {
      const [g1, g2] = [gradients[0][index], gradients[1][index]]
      const m = (0.9 * 0.1 * g1 + 0.1 * g2) / (1 - 0.9 ** 2)
      const v = (0.999 * 0.001 * g1 ** 2 + 0.001 * g2 ** 2) / (1 - 0.999 ** 2)
      return steps[0][index] - (0.1 * m) / (Math.sqrt(v) + 1e-8)
    })
    expectClose(steps[1], second)
  })

  it('AdamW takes its share of the weights before the step, Adam through the gradient', async () => {
    const [adamW, adam] = [
      await run('AdamW', { lr: 0.1, weight_decay: 0.5 }),
      await run('Adam', { lr: 0.1, weight_decay: 0.5 }),
    ]
    expectClose(adamW.steps[0], [0.95 - 0.1, -1.9 + 0.1, 0.475])
    // g + λθ has the sign of θ here, and the first step is lr in its direction.
    expectClose(adam.steps[0], [0.9, -1.9, 0.4])
  })

  it("SGD's first buffer is the gradient itself, whatever the dampening", async () => {
    const { steps } = await run('SGD', { lr: 1, momentum: 0.9, dampening: 0.5 })
    expectClose(steps[0], [0.6, -1.7, 0.5])
    expectClose(
      steps[1],
      start.map((_, index) => steps[0][index] - (0.9 * gradients[0][index] + 0.5 * gradients[1][index])),
    )
  })

  it('RAdam goes along the momentum alone in its first five steps', async () => {
    const { steps } = await run('RAdam', { lr: 0.1 })
    expectClose(steps[0], [0.96, -1.97, 0.5])
    const average = start.map((_, index) => (0.9 * gradients[0][index] + gradients[1][index]) / 1.9)
    expectClose(
      steps[1],
      average.map((m, index) => steps[0][index] - 0.1 * m),
    )
  })

  it('NAdam begins with less momentum than Adam and looks one step ahead', async () => {
    const { steps } = await run('NAdam', { lr: 0.1 })
    const [now, next] = [1, 2].map((step) => 0.9 * (1 - 0.5 * 0.96 ** (step * 0.004)))
    // m = (1 − β₁)g and √v̂ = |g|: the direction of the first step has the same size wherever something moves.
    const size = 0.1 * (1 + (next * 0.1) / (1 - now * next))
    expectClose(steps[0], [1 - size, -2 + size, 0.5])
  })

  it('NAdam takes weight decay through the gradient, or from the weights', async () => {
    const [plain, decoupled, penalty] = [
      await run('NAdam', { lr: 0.1 }),
      await run('NAdam', { lr: 0.1, weight_decay: 0.5, decoupled_weight_decay: true }),
      await run('NAdam', { lr: 0.1, weight_decay: 0.5 }),
    ]
    expectClose(
      decoupled.steps[0],
      plain.steps[0].map((value, index) => value - 0.05 * start[index]),
    )
    // The last weight has no gradient but that of its penalty, and steps as far as the others.
    const [first] = plain.steps
    expectClose(penalty.steps[0], [first[0], first[1], first[2] - (1 - first[0])])
  })

  it('Lion steps by lr in the direction of β₁m + (1 − β₁)g, and nowhere where that is 0', async () => {
    const { steps } = await run('Lion', { lr: 0.1 })
    expectClose(steps[0], [0.9, -1.9, 0.5])
    // m is 0.01·g of the first step: the second gradient decides.
    expectClose(steps[1], [1, -2, 0.4])
  })

  it('AdaBelief divides by the distance of the gradient from its average', async () => {
    const { steps } = await run('AdaBelief', { lr: 0.1 })
    // g − m = 0.9·g, so that m̂ / √ŝ is ±1/0.9.
    expectClose(steps[0], [1 - 0.1 / 0.9, -2 + 0.1 / 0.9, 0.5])
  })

  it('Lookahead starts from the weights before the first step and takes them back to the slow ones', async () => {
    const [plain, { steps }] = [
      await run('SGD', { lr: 1 }),
      await run('SGD', { lr: 1, lookahead: { k: 2, alpha: 0.25 } }),
    ]
    expect(steps[0]).toEqual(plain.steps[0])
    expectClose(
      steps[1],
      start.map((slow, index) => slow + 0.25 * (plain.steps[1][index] - slow)),
    )
  })

  it('clipping scales all gradients by max / (norm + 1e-6), and only where they are longer', async () => {
    const { steps, norms } = await run('SGD', { lr: 1 }, { clipNorm: 1 })
    expectClose(norms, [0.5, Math.hypot(0.2, 1.2, 0.1)])
    expectClose(steps[0], [0.6, -1.7, 0.5])
    const factor = 1 / (norms[1] + 1e-6)
    expectClose(
      steps[1],
      start.map((_, index) => steps[0][index] - factor * gradients[1][index]),
    )
  })

  it('accumulation takes the mean of the gradients of a group', async () => {
    const { steps, norms } = await run('SGD', { lr: 1 }, { accumulate: 2 })
    expectClose(steps.flat(), [1 - 0.1, -2 - 0.45, 0.5 - 0.05])
    expectClose(norms, [Math.hypot(0.1, 0.45, 0.05)])
  })
})
