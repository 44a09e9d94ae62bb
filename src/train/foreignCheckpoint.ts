import { UserError } from '../core/errors.ts'
import type { ModelConfig } from '../core/experiment.ts'
import type { NamedTensor } from '../core/safetensors.ts'
import { buildNetwork } from '../model/network.ts'
import { checkStateDict, type StateDict } from '../model/stateDict.ts'
import { readWeightFile } from '../model/weightFile.ts'
import { runFiles } from '../protocol/runFolder.ts'
import { readError } from '../runs/diskErrors.ts'
import type { RunFolder } from '../runs/runFolder.ts'
import { readWeights } from './checkpoint.ts'

/** What a LightningModule puts before the keys of the network that it calls `model`. */
const lightningPrefix = 'model.'

/**
 * The weights of a whole network from a file that something else wrote: `state_dict()` of segmentation_models_pytorch as
 * safetensors or by `torch.save`, also where a trainer keeps it beside other things.
 * @throws UserError where the file is torn, holds more than tensors, or any tensor is missing, unexpected or of another shape
 */
async function readForeignCheckpoint(file: string, model: ModelConfig, classes: number): Promise<StateDict> {
  const tensors = new Map(withoutLightning(await read(file)))
  const { declarations } = buildNetwork(model, { mode: 'inference', batch: 1, height: 64, width: 64, classes })
  // torch older than 0.4.1 did not count batches.
  for (const { key, kind } of declarations)
    if (kind === 'counter' && !tensors.has(key)) tensors.set(key, { shape: [], data: new BigInt64Array(1) })
  checkStateDict(declarations, tensors, file)
  return tensors
}

/** The best checkpoint of a run, or a file in its place. @throws UserError */
export async function weightsOf(
  run: RunFolder,
  model: ModelConfig,
  classes: number,
  file: string | undefined,
): Promise<StateDict> {
  return file === undefined ? readWeights(run.file(runFiles.best)) : readForeignCheckpoint(file, model, classes)
}

async function read(file: string): Promise<StateDict> {
  try {
    return await readWeightFile(file)
  } catch (error) {
    throw error instanceof UserError ? error : readError(error, file)
  }
}

function withoutLightning(tensors: StateDict): Iterable<readonly [string, NamedTensor]> {
  const isWrapped = [...tensors.keys()].every((key) => key.startsWith(lightningPrefix))
  return isWrapped ? Array.from(tensors, ([key, tensor]) => [key.slice(lightningPrefix.length), tensor]) : tensors
}
