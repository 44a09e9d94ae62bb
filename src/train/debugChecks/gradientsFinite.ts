import * as z from 'zod'
import { multiply } from '../../graph/elementwise.ts'
import type { Network } from '../../model/network.ts'
import type { StateDict } from '../../model/stateDict.ts'
import { initialWeights } from '../initialWeights.ts'
import { defineOptimizer } from '../optimizers/optimizer.ts'
import { trainingProgram } from '../programs.ts'
import { updatePlan } from '../updatePlan.ts'
import { allBranches } from './allBranches.ts'
import { measuredCurve, type CheckWork, type Finding } from './check.ts'
import type { Workbench } from './workbench.ts'

/** Batches in which a parameter may show its gradient: one alone may lack the only class that a loss counts. */
const mostBatches = 3
const shownNames = 5

/** An optimizer that leaves the gradient in the place of the parameters, to be read under their keys. */
const gradientItself = defineOptimizer({
  name: 'gradient',
  summary: 'Puts the gradient in the place of the parameters.',
  arguments: z.object({}),
  slots: () => [],
  build: ({ gradient }) => ({ parameters: multiply(gradient, 1), slots: {} }),
  scalars: () => ({}),
})

/** At the initial weights, before any learning rate has a say. */
export async function* gradientsFinite(bench: Workbench): CheckWork {
  const { engine, plan, loader } = bench
  const { config, loss: losses, size, rules, seed } = plan
  const batch = loader.trainBatchSize
  await bench.releaseTrainer()
  const { network, gradient } = trainingProgram(config.model, losses, { ...size, batch, classes: rules.classes.count })
  const update = updatePlan(gradientItself, {}, null)
  const compiled = await engine.compileTraining({ gradient, update, accumulate: 1 })
  try {
    const weights = await initialWeights(config.model, network, seed)
    const norms = new Map<string, number>()
    let [batches, loss] = [0, 0]
    for await (const { image, target } of loader.train(1)) {
      compiled.load(weights)
      const results = await compiled.computeGradient({ image, target, ...allBranches(network.randomInputs, batch) })
      await compiled.update({})
      loss = results['loss'][0]
      for (const [key, norm] of normsOf(compiled.save(), network)) norms.set(key, Math.max(norms.get(key) ?? 0, norm))
      yield 'step'
      // A sum of numbers that are not all zero or finite will not become so.
      if (++batches === mostBatches || [...norms.values()].every((norm) => norm !== 0)) break
    }
    return judged(norms, loss, batches)
  } finally {
    await compiled.dispose()
  }
}

/** L2 norm of the gradient of every trained parameter, in the order of the state dict. */
function normsOf(gradients: StateDict, { declarations }: Network): ReadonlyMap<string, number> {
  return new Map(
    declarations.flatMap(({ key, kind }) => {
      const gradient = kind === 'parameter' ? gradients.get(key) : undefined
      return gradient === undefined ? [] : [[key, norm(gradient.data as Float32Array)] as const]
    }),
  )
}

function norm(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0))
}

function judged(norms: ReadonlyMap<string, number>, loss: number, batches: number): Finding {
  const keys = [...norms.keys()]
  const notFinite = keys.filter((key) => !Number.isFinite(norms.get(key)))
  const zero = keys.filter((key) => norms.get(key) === 0)
  const curve = { norms: measuredCurve([...norms.values()]), loss: Number.isFinite(loss) ? loss : null }
  const where = batches === 1 ? 'on one batch' : `on ${batches} batches`
  const values = { ...curve, notFinite: notFinite.join(', '), zero: zero.join(', ') }
  if (notFinite.length > 0)
    return {
      verdict: 'fail',
      // What is not finite travels from the loss towards the image: the last in the network is nearest to its origin.
      reason: `${share(notFinite, keys)} not finite ${where}, nearest to the loss: ${notFinite.at(-1)}. Look at the pretrained weights and at the arguments of the losses${Number.isFinite(loss) ? '' : `; the loss itself is ${loss}`}.`,
      values,
    }
  if (zero.length === keys.length)
    return {
      verdict: 'fail',
      reason: `No parameter gets a gradient ${where}: no pixel counts for the loss. Compare ignore_index and the ids of classes in project.jsonc with the values in the masks, and look at class weights of 0.`,
      values,
    }
  if (zero.length > 0)
    return {
      verdict: 'fail',
      reason: `${share(zero, keys)} all zero ${where}: ${shortList(zero)}. The loss does not depend on them, so they will not learn: look at decoder_channels, the pretrained weights and the arguments of the losses.`,
      values,
    }
  return {
    verdict: 'pass',
    reason: `The gradients of all ${keys.length} parameters are finite, and none is zero.`,
    values,
  }
}

function share(some: readonly string[], all: readonly string[]): string {
  return `The gradients of ${some.length} of ${all.length} parameters are`
}

function shortList(names: readonly string[]): string {
  const rest = names.length - shownNames
  return `${names.slice(0, shownNames).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
}
