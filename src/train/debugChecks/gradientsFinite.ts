import * as z from 'zod'
import { multiply } from '../../graph/elementwise.ts'
import type { Network } from '../../model/network.ts'
import type { StateDict } from '../../model/stateDict.ts'
import { initialWeights } from '../initialWeights.ts'
import { defineOptimizer } from '../optimizers/optimizer.ts'
import { labelInputs, mixedLabels } from '../mixing.ts'
import { trainingProgram } from '../programs.ts'
import { updatePlan } from '../updatePlan.ts'
import { allBranches } from './allBranches.ts'
import { measuredCurve, type CheckWork, type Finding } from './check.ts'
import { batchesFrom } from './trainSteps.ts'
import type { Workbench } from './workbench.ts'

/**
 * Where a gradient is zero, other random weights and other batches are tried: a ReLU may be dead by chance (the smallest
 * squeezes of scSE have one unit, dead in half of all draws), the only class that a loss counts may be absent.
 */
const mostDraws = 12
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

/** At the initial weights, before any learning rate has a say; in float32, as infinite ones of fp16 are the loss scale's matter. */
export async function* gradientsFinite(bench: Workbench): CheckWork {
  const { engine, plan, loader } = bench
  const { config, loss: losses, size, rules, seed } = plan
  const batch = loader.trainBatchSize
  await bench.releaseTrainer()
  const shape = { ...size, batch, classes: rules.classes.count }
  const labels = mixedLabels(config)
  const isCheckpointing = config.train.checkpoint_activations
  const { network, gradient } = trainingProgram(config.model, losses, shape, { isCheckpointing, labels })
  const update = updatePlan(gradientItself, {}, null)
  const compiled = await engine.compileTraining({ gradient, update, accumulate: 1 })
  try {
    const draws: ReadonlyMap<string, number>[] = []
    let loss = Number.NaN
    for await (const trained of batchesFrom(loader, 0)) {
      compiled.load(await initialWeights(config.model, network, seed + draws.length))
      const results = await compiled.computeGradient({
        image: trained.image,
        ...labelInputs(labels, trained),
        ...trained.inputs,
        ...allBranches(network.randomInputs, batch),
      })
      await compiled.update({})
      if (draws.length === 0) loss = results['loss'][0]
      draws.push(normsOf(await compiled.save(), network))
      yield 'step'
      const stillZero = [...draws[0].keys()].some((key) => draws.every((norms) => norms.get(key) === 0))
      if (!stillZero || draws.length === mostDraws || !allFinite(draws[0])) break
    }
    return judged(draws, loss)
  } finally {
    await compiled.dispose()
  }
}

function allFinite(norms: ReadonlyMap<string, number>): boolean {
  return [...norms.values()].every(Number.isFinite)
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

/** @param draws norms at the run's own weights, then at others  @param loss at the run's own weights */
function judged(draws: readonly ReadonlyMap<string, number>[], loss: number): Finding {
  const [norms] = draws
  const keys = [...norms.keys()]
  const notFinite = keys.filter((key) => !Number.isFinite(norms.get(key)))
  const dead = keys.filter((key) => norms.get(key) === 0)
  const cutOff = dead.filter((key) => draws.every((other) => other.get(key) === 0))
  const values = {
    norms: measuredCurve([...norms.values()]),
    loss: Number.isFinite(loss) ? loss : null,
    notFinite: notFinite.join(', '),
    zero: dead.join(', '),
  }
  const fail = (reason: string): Finding => ({ verdict: 'fail', reason, values })
  if (notFinite.length > 0)
    // What is not finite travels from the loss towards the image: the last in the network is nearest to its origin.
    return fail(
      `${share(notFinite, keys)} not finite, nearest to the loss: ${notFinite.at(-1)}. Look at the pretrained weights and at the arguments of the losses${Number.isFinite(loss) ? '' : `; the loss itself is ${loss}`}.`,
    )
  if (cutOff.length === keys.length)
    return fail(
      'No parameter gets a gradient: no pixel counts for the loss. Compare ignore_index and the ids of classes in project.jsonc with the values in the masks, and look at class weights of 0.',
    )
  if (cutOff.length > 0)
    return fail(
      `${share(cutOff, keys)} zero, on other batches and from other random weights too: ${shortList(cutOff)}. The loss does not depend on them, so they will not learn: look at the pretrained weights and at the arguments of the losses.`,
    )
  const chance =
    dead.length === 0 ? ', and none is zero' : `; zero by chance, as other weights show: ${shortList(dead)}`
  return { verdict: 'pass', reason: `The gradients of all ${keys.length} parameters are finite${chance}.`, values }
}

function share(some: readonly string[], all: readonly string[]): string {
  return `The gradients of ${some.length} of ${all.length} parameters are`
}

function shortList(names: readonly string[]): string {
  const rest = names.length - shownNames
  return `${names.slice(0, shownNames).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
}
