import { parseExperiment, type ModelConfig } from '../src/core/experiment.ts'
import { experimentSchema } from '../src/train/experimentSchema.ts'

/** @param network `Architecture/encoder`: with random weights and the architecture's own defaults */
export function benchModel(network: string): ModelConfig {
  const [arch, encoder] = network.split('/')
  const conditions = { model: { arch, encoder_name: encoder, encoder_weights: null } }
  return parseExperiment(conditions, experimentSchema, () => ({})).model
}
