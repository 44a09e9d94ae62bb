import { stream } from '../../../src/core/random.ts'
import type { Engine } from '../../../src/engines/engine.ts'
import { optimizers } from '../../../src/train/optimizers/registry.ts'
import { runOptimizer } from '../../parity/optimizers.ts'

const length = 100
const random = stream(3, 'test')
const normal = (count: number) => Float32Array.from({ length: count }, () => random.normal())
const start = new Map([['p', normal(length)]])
// More steps than RAdam's five without its second moment.
const gradients = new Map([['p', normal(8 * length)]])

/** By optimizer, with Lookahead and weight decay: the weights after every step. */
export async function optimizerSteps(engine: Engine): Promise<Record<string, readonly number[]>> {
  const found: Record<string, readonly number[]> = {}
  for (const optimizer of optimizers.all) {
    const args = optimizer.arguments.parse({ weight_decay: 0.1, lookahead: { k: 3 } })
    const compile = engine.compileTraining.bind(engine)
    const run = { optimizer, args, lr: 0.01, clipNorm: 8, start, gradients }
    const { parameters } = await runOptimizer({ name: 'engine', compile }, run)
    found[optimizer.name] = parameters.flatMap((tensors) => Array.from(tensors.get('p')!.data, Number))
  }
  return found
}
