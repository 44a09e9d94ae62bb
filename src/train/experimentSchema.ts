import { mixes } from '../augment/mixes/registry.ts'
import { transforms } from '../augment/registry.ts'
import { experimentSchema as schemaOver, type ExperimentConfig } from '../core/experiment.ts'
import { schedulers } from '../core/schedulers/registry.ts'
import type * as z from 'zod'
import { misfitOf } from '../model/combination.ts'
import { architectures } from '../model/decoders/registry.ts'
import { encoders } from '../model/encoders/registry.ts'
import { losses } from './losses/registry.ts'
import { optimizers } from './optimizers/registry.ts'

/** The schema of an experiment over every method that exists: validation, JSON Schema and help come from it. */
export const experimentSchema: z.ZodType<ExperimentConfig> = schemaOver({
  architectures,
  encoders,
  losses,
  optimizers,
  schedulers,
  transforms,
  mixes,
  misfitOf,
})
