import type { Engine } from '../../../src/engines/engine.ts'
import { initialState } from '../../../src/model/initialize.ts'
import { foldBatchNorm } from '../../../src/model/stateDict.ts'
import { inferenceProgram } from '../../../src/train/programs.ts'
import { batch, compiled, steps, update } from './smallTraining.ts'

// What one engine does after, or beside, another.

/** A real network, small. */
export const smallSize = { batch: 2, height: 16, width: 16, classes: 3 }
export const smallModel = {
  arch: 'Unet',
  encoder_name: 'mobilenet_v2',
  encoder_weights: null,
  encoder_depth: 3,
  in_channels: 3,
  decoder_channels: [16, 12, 8],
}

/** Three steps on one engine, three more on the other, from what the first saved. */
export async function handedOn(first: Engine, second: Engine): Promise<readonly number[]> {
  const begun = await compiled(first)
  const found = await steps(begun, 1, 3)
  const [weights, slots] = [await begun.save(), await begun.saveSlots()]
  await begun.dispose()
  const gone = await compiled(second)
  gone.load(weights)
  gone.loadSlots(slots)
  found.push(...(await steps(gone, 4, 6)))
  await gone.dispose()
  return found
}

/** Norm of the gradient that two halves of the same batch make. */
export async function accumulated(engine: Engine): Promise<number> {
  const training = await compiled(engine, 2)
  for (const isFirst of [true, false]) {
    await training.computeGradient(batch)
    await training.accumulateGradient(0.5, isFirst)
  }
  const norm = await update(training, 1)
  await training.dispose()
  return norm
}

/** Class probabilities of the batch by a network with BatchNorm folded, after loading twice. */
export async function predicted(engine: Engine): Promise<readonly number[]> {
  const { network, program } = inferenceProgram(smallModel, smallSize, { probabilities: true })
  const inference = await engine.compileInference(program)
  for (const seed of [1, 0]) {
    inference.load(foldBatchNorm(initialState(network.declarations, seed), program.folds))
    await inference.run(batch)
  }
  const { probabilities } = await inference.run(batch)
  const found = Array.from(probabilities)
  await inference.dispose()
  return found
}
