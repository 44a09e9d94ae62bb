import { stream } from '../../../src/core/random.ts'
import type { Engine } from '../../../src/engines/engine.ts'
import { optimizers } from '../../../src/train/optimizers/registry.ts'
import { runOptimizer } from '../../parity/optimizers.ts'

const length = 100
const random = stream(3, 'test')
const normal = (count: number) => Float32Array.from({ length: count }, () => random.normal())
/** A vector, and a tensor of 10 rows whose gradient is often orthogonal to them (AdamP). */
const shapes = new Map([
  ['p', [length]],
  ['encoder.weight', [10, length / 10, 1, 1]],
])
const start = new Map(Array.from(shapes, ([key, shape]) => [key, { shape, data: normal(length) }]))
// More steps than RAdam's five without its second moment.
const gradients = new Map(
  Array.from(shapes, ([key, shape]) => [key, { shape: [8, ...shape], data: normal(8 * length) }]),
)

/** By optimizer, with Lookahead, weight decay and groups of parameters: the weights after every step. */
export async function optimizerSteps(engine: Engine): Promise<Record<string, readonly number[]>> {
  const found: Record<string, readonly number[]> = {}
  for (const optimizer of optimizers.all) {
    const args = optimizer.arguments.parse({
      weight_decay: 0.1,
      lookahead: { k: 3 },
      encoder_lr_factor: 0.5,
      no_decay_norm_bias: true,
      delta: 1,
    })
    const compile = engine.compileTraining.bind(engine)
    const run = { optimizer, args, lr: 0.01, clipNorm: 8, start, gradients }
    const { parameters } = await runOptimizer({ name: 'engine', compile }, run)
    found[optimizer.name] = parameters.flatMap((tensors) =>
      [...shapes.keys()].flatMap((key) => Array.from(tensors.get(key)!.data, Number)),
    )
  }
  return found
}
