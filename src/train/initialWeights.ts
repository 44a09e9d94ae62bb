import type { Normalization } from '../augment/normalize.ts'
import type { ExperimentConfig } from '../core/experiment.ts'
import { encoders } from '../model/encoders/registry.ts'
import { initialState } from '../model/initialize.ts'
import type { Network } from '../model/network.ts'
import { loadPretrained, pretrainedWeights, weightsNotHere } from '../model/pretrained.ts'
import type { StateDict } from '../model/stateDict.ts'
import { findWeights } from '../runs/weightCache.ts'

/** ImageNet's own statistics, which every library uses where nothing else is known. */
const imagenet: Normalization = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] }

/** Pretrained weights bring the statistics they were trained with. */
export function normalizationOf({ encoder_name, encoder_weights }: ExperimentConfig['model']): Normalization {
  return encoder_weights === null ? imagenet : pretrainedWeights(encoders.get(encoder_name), encoder_weights)
}

/**
 * Random weights of a seed, and the pretrained encoder where the experiment asks for one.
 * @throws UserError where the weights are not in the cache or do not fit
 */
export async function initialWeights(
  { encoder_name, encoder_weights }: ExperimentConfig['model'],
  { declarations }: Network,
  seed: number,
): Promise<StateDict> {
  const random = initialState(declarations, seed)
  if (encoder_weights === null) return random
  const encoder = encoders.get(encoder_name)
  const file = await findWeights(encoder_name, encoder_weights)
  if (file === undefined) throw weightsNotHere(encoder, encoder_weights)
  return new Map([...random, ...(await loadPretrained(file, encoder, declarations))])
}
