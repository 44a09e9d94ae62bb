import { expect, it } from 'vitest'
import { stream } from '../../../src/core/random.ts'
import type { NamedTensor } from '../../../src/core/safetensors.ts'
import type { TrainingEngine } from '../../../src/engines/engine.ts'
import { lowerPlain } from '../../../src/engines/onnx/plain/lowerPlain.ts'
import type { OptimizerDefinition } from '../../../src/train/optimizers/optimizer.ts'
import { optimizers } from '../../../src/train/optimizers/registry.ts'
import { updatePlan } from '../../../src/train/updatePlan.ts'
import { givenGradients, onOnnxRuntime } from '../../parity/optimizers.ts'

const length = 60
const scale = 1024

/** Weights and optimizer after every step, of which each gets one of the gradients, multiplied by the scale. */
async function trained(optimizer: OptimizerDefinition, isScaled: boolean, gradients: readonly Float32Array[]) {
  const args = optimizer.arguments.parse({ weight_decay: 0.1, lookahead: { k: 2 } })
  const engine = await onOnnxRuntime({ name: 'plain', lower: lowerPlain }).compile({
    gradient: givenGradients(new Map([['p', { shape: [length], data: new Float32Array(length) }]])),
    update: updatePlan(optimizer, args, 1, { isScaled }),
    accumulate: 1,
  })
  const random = stream(5, 'test')
  const start = Float32Array.from({ length }, () => random.normal())
  engine.load(new Map([['p', { shape: [length], data: start }]]))
  const states: object[] = [await stateOf(engine)]
  const norms: number[] = []
  let taken = 0
  for (const gradient of gradients) {
    const factor = isScaled ? scale : 1
    await engine.computeGradient({ 'gradient of p': gradient.map((value) => value * factor) })
    const scalars = optimizer.scalars(args, 0.01, taken + 1)
    norms.push(await engine.update(isScaled ? { ...scalars, inverse_scale: 1 / scale } : scalars))
    if (Number.isFinite(norms.at(-1))) taken++
    states.push(await stateOf(engine))
  }
  await engine.dispose()
  return { states, norms }
}

async function stateOf(engine: TrainingEngine): Promise<object> {
  const values = ([key, { data }]: readonly [string, NamedTensor]) => [key, Float32Array.from(data as Float32Array)]
  return [...(await engine.save()), ...(await engine.saveSlots())].map(values)
}

const random = stream(6, 'test')
const sound = Array.from({ length: 4 }, () => Float32Array.from({ length }, () => random.normal()))
const broken = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN].map((value) => sound[0].with(17, value))

it.each(optimizers.names)('%s takes scaled gradients for what they are, and leaves out infinite ones', async (name) => {
  const optimizer = optimizers.get(name)
  const expected = await trained(optimizer, false, sound)
  const [a, b, c, d] = sound
  const found = await trained(optimizer, true, [broken[0], a, broken[1], broken[2], b, c, d])
  // A scale that is a power of two changes no bit.
  expect(found.norms.filter(Number.isFinite)).toEqual(expected.norms)
  expect(found.norms.map(Number.isFinite)).toEqual([false, true, false, false, true, true, true])
  const [zero, one, two, three, four] = expected.states
  expect(found.states).toEqual([zero, zero, one, one, one, two, three, four])
})
