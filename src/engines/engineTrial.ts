import type { NamedTensor } from '../core/safetensors.ts'
import { subtract } from '../graph/elementwise.ts'
import { program } from '../graph/program.ts'
import { input, constant } from '../graph/sources.ts'
import { Graph, type HalfType } from '../graph/tensor.ts'
import type { Engine, TrainingEngine, UpdatePlan } from './engine.ts'
import { largestDifference, type Gradients } from './largestDifference.ts'
import { probe, type Probe } from './probe.ts'

/** next = parameters − gradient: what an update changes is the gradient. */
const descent: UpdatePlan = {
  slots: [],
  build: (chunks) => {
    const graph = new Graph()
    const next = chunks.map(({ length }, chunk) => {
      const [parameters, gradient] = ['parameters', 'gradient'].map((name) =>
        input(graph, `${name}:${chunk}`, [length]),
      )
      return [`next:parameters:${chunk}`, subtract(parameters, gradient)] as const
    })
    return program(graph, { outputs: new Map([...next, ['gradientNorm', constant(graph, Float32Array.of(0), [1])]]) })
  },
}

/**
 * Largest difference between two engines in the loss and the gradients of a small network's training step, relative to each
 * tensor's norm. A sound engine stays below 1e-3, a wrong kernel is off by orders of magnitude.
 * @param half of the engine's convolutions, against the reference's float32
 */
export async function engineDifference(engine: Engine, reference: Engine, half?: HalfType): Promise<number> {
  const expected = await gradientsOf(reference, probe(2, 32))
  return largestDifference(expected, await gradientsOf(engine, probe(2, 32, half)))
}

async function gradientsOf(engine: Engine, tried: Probe): Promise<Gradients> {
  return withStep(engine, tried, async (step) => {
    const loss = (await step.computeGradient(tried.data))['loss'][0]
    await step.update({})
    const after = await step.save()
    const gradients = new Map(
      Array.from(tried.tensors, ([key, before]): [string, NamedTensor] => {
        const next = after.get(key)!.data as Float32Array
        return [key, { shape: before.shape, data: (before.data as Float32Array).map((value, i) => value - next[i]) }]
      }),
    )
    return { loss, gradients }
  })
}

/** After this time nobody needs to know it better. */
const patienceMs = 10_000

/** Milliseconds of a training step of 2 images of 256×256, the better of two after one that warms up. */
export async function stepTime(engine: Engine): Promise<number> {
  const tried = probe(2, 256)
  return withStep(engine, tried, async (step) => {
    let shortest = Number.POSITIVE_INFINITY
    for (let round = 0; round < 3; round++) {
      const began = performance.now()
      await step.computeGradient(tried.data)
      await step.update({})
      const time = performance.now() - began
      if (round > 0 || time > patienceMs) shortest = Math.min(shortest, time)
      if (time > patienceMs) break
    }
    return shortest
  })
}

async function withStep<Value>(engine: Engine, tried: Probe, use: (step: TrainingEngine) => Promise<Value>) {
  const step = await engine.compileTraining({ gradient: tried.gradient, update: descent, accumulate: 1 })
  try {
    step.load(tried.tensors)
    return await use(step)
  } finally {
    await step.dispose()
  }
}
