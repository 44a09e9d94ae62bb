import type { Tensors } from '../engine.ts'
import { largestDifference } from '../largestDifference.ts'
import { probe, type Probe } from '../probe.ts'
import { lowerBlocked } from './blocked/lowerBlocked.ts'
import type { LoweredProgram } from './lowering.ts'
import { lowerPlain } from './plain/lowerPlain.ts'
import { createSession, feedsFor, tensorOver } from './session.ts'
import { packParameters, unpackParameters } from './storedTensors.ts'

async function run(
  lowered: LoweredProgram,
  { tensors, data }: Probe,
): Promise<readonly [loss: number, gradients: Tensors]> {
  const session = await createSession(lowered.emitter, { threads: 1 })
  const flat = new Float32Array(lowered.flatLength)
  packParameters(lowered.parameters, tensors, flat)
  const feeds = Object.fromEntries(
    lowered.parameters.map(({ input: name, offset, length, dims }) => [
      name,
      tensorOver(flat.subarray(offset, offset + length), dims),
    ]),
  )
  Object.assign(feeds, feedsFor(lowered, data))
  const results = await session.run(feeds)
  const gradients = unpackParameters(lowered.parameters, results['gradient'].data as Float32Array)
  await session.release()
  return [(results['loss'].data as Float32Array)[0], gradients]
}

/** Largest difference between the blocked and the plain form of one training step, relative to each tensor's norm. */
export async function blockedDifference(block: number): Promise<number> {
  const tried = probe(2, 32)
  const [plainLoss, plainGradients] = await run(lowerPlain(tried.gradient), tried)
  const [loss, gradients] = await run(lowerBlocked(tried.gradient, block), tried)
  return largestDifference({ loss: plainLoss, gradients: plainGradients }, { loss, gradients })
}
