import { readFile } from 'node:fs/promises'
import * as z from 'zod'
import { UserError } from '../core/errors.ts'
import { decodeSafetensors, encodeSafetensors, type NamedTensor } from '../core/safetensors.ts'
import { bestEpoch, measured } from '../protocol/values.ts'
import type { StateDict } from '../model/stateDict.ts'
import type { LastCheckpoint } from '../runs/checkpointFiles.ts'

const progressSchema = z.object({
  /** Epoch that training goes on with, from 1. */
  epoch: z.int().min(1),
  /** Batches of that epoch that are done. */
  batch: z.int().min(0),
  /** Optimizer steps done. */
  step: z.int().min(0),
  /** Gradients computed: BatchNorm's num_batches_tracked and the key of stochastic depth. */
  batches: z.int().min(0),
  /** Losses of the epoch so far, summed, and how many. */
  lossSum: z.number(),
  lossCount: z.int().min(0),
  best: bestEpoch.nullable(),
  /**
   * Of each whole epoch, from the first: the only state of a schedule, and of early stopping that watches a score of its own
   * (`watched`). Checkpoints from before there was any lack it.
   */
  scores: z.array(z.object({ loss: measured, metric: measured, watched: measured.default(null) })).default([]),
  /** Milliseconds trained so far, over all starts. */
  trainedMs: z.number().min(0),
})

/** Where training stands: everything beside tensors that resume needs. Random streams are keyed by these counters. */
export type Progress = z.infer<typeof progressSchema>

export const freshProgress: Progress = {
  epoch: 1,
  batch: 0,
  step: 0,
  batches: 0,
  lossSum: 0,
  lossCount: 0,
  best: null,
  scores: [],
  trainedMs: 0,
}

export interface TrainingState {
  readonly progress: Progress
  /** Optimizer state under `SLOT/KEY`. */
  readonly slots: StateDict
  /** Confusion of the epoch so far, [C·C]. */
  readonly confusion: Float64Array
}

const confusionKey = 'epoch/confusion'

/** The pair of files that resume needs. */
export function encodeLast(weights: StateDict, { progress, slots, confusion }: TrainingState): LastCheckpoint {
  const tensors = new Map<string, NamedTensor>(slots)
  tensors.set(confusionKey, { shape: [confusion.length], data: confusion })
  return {
    weights: [encodeSafetensors(weights, { format: 'pt' })],
    state: [encodeSafetensors(tensors, { progress: JSON.stringify(progress) })],
  }
}

/** @throws UserError where the file is torn or not a training state */
export async function readState(file: string): Promise<TrainingState> {
  const { tensors, metadata } = await readTensors(file)
  const parsed = progressSchema.safeParse(JSON.parse(metadata['progress'] ?? 'null'))
  const confusion = tensors.get(confusionKey)?.data
  if (!parsed.success || !(confusion instanceof Float64Array))
    throw new UserError('this is not a training state', { file, code: 'damaged', hint: 'Start a new run.' })
  tensors.delete(confusionKey)
  return { progress: parsed.data, slots: tensors, confusion }
}

/** @throws UserError where the file is missing or torn */
export async function readWeights(file: string): Promise<StateDict> {
  return (await readTensors(file)).tensors
}

async function readTensors(file: string): Promise<ReturnType<typeof decodeSafetensors>> {
  let bytes: Uint8Array
  try {
    bytes = await readFile(file)
  } catch (error) {
    throw new UserError('there is no checkpoint to read', {
      file,
      code: 'no-checkpoint',
      cause: error,
      hint: 'The run stopped before its first checkpoint: start it anew.',
    })
  }
  try {
    return decodeSafetensors(bytes)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    throw new UserError(error.message, { ...error.details, file })
  }
}
