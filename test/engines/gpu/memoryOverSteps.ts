import type { Engine } from '../../../src/engines/engine.ts'
import { conv2d, symmetricPads } from '../../../src/graph/convolution.ts'
import { add, multiply, total } from '../../../src/graph/elementwise.ts'
import { addGradients } from '../../../src/graph/passes/addGradients.ts'
import { program } from '../../../src/graph/program.ts'
import { input, parameter } from '../../../src/graph/sources.ts'
import { Graph } from '../../../src/graph/tensor.ts'
import { optimizers } from '../../../src/train/optimizers/registry.ts'
import { updatePlan } from '../../../src/train/updatePlan.ts'

const shapes = { weight: [4, 4, 3, 3], large: [512, 512] }

/** Resident bytes of this process after every 50 steps. Each vector of the state is 1 MB: one that leaks per step shows. */
export async function memoryOverSteps(engine: Engine, count: number): Promise<readonly number[]> {
  const graph = new Graph()
  const weight = parameter(graph, 'weight', shapes.weight)
  const large = parameter(graph, 'large', shapes.large)
  const map = conv2d(input(graph, 'image', [1, 4, 8, 8]), weight, { pads: symmetricPads(1) })
  const loss = add(total(multiply(map, map)), total(multiply(large, large)))
  const adam = optimizers.get('Adam')
  const args = adam.arguments.parse({})
  const gradient = addGradients(program(graph, { outputs: new Map([['loss', loss]]) }))
  const training = await engine.compileTraining({ gradient, update: updatePlan(adam, args, 1), accumulate: 1 })
  training.load(
    new Map([
      ['weight', { shape: shapes.weight, data: new Float32Array(144).fill(0.1) }],
      ['large', { shape: shapes.large, data: new Float32Array(512 * 512).fill(0.1) }],
    ]),
  )
  const data = { image: new Float32Array(256).fill(0.01) }
  const found: number[] = []
  for (let step = 1; step <= count; step++) {
    await training.computeGradient(data)
    await training.update(adam.scalars(args, 1e-3, step))
    if (step % 50 === 0) found.push(process.memoryUsage().rss)
  }
  await training.dispose()
  return found
}
