import { mixes } from '../augment/mixes/registry.ts'
import { transforms } from '../augment/registry.ts'
import type { Registry } from '../core/definition.ts'
import { schedulers } from '../core/schedulers/registry.ts'
import { splits } from '../core/splits/registry.ts'
import { architectures } from '../model/decoders/registry.ts'
import { encoders } from '../model/encoders/registry.ts'
import { losses } from '../train/losses/registry.ts'
import { optimizers } from '../train/optimizers/registry.ts'

/** Everything of one kind that a file can name, and where the name stands there. */
export interface MethodKind {
  /** What one of them is called. */
  readonly kind: string
  readonly title: string
  /** The key of the experiment or project file. */
  readonly key: string
  readonly file: 'experiment' | 'project.jsonc'
  readonly registry: Registry
}

/** All kinds of methods, in the order in which an experiment is written. */
export const methodKinds: readonly MethodKind[] = [
  { kind: 'architecture', title: 'Architectures', key: 'model.arch', file: 'experiment', registry: architectures },
  { kind: 'encoder', title: 'Encoders', key: 'model.encoder_name', file: 'experiment', registry: encoders },
  { kind: 'loss', title: 'Losses', key: 'loss[].name', file: 'experiment', registry: losses },
  { kind: 'optimizer', title: 'Optimizers', key: 'optimizer.name', file: 'experiment', registry: optimizers },
  { kind: 'schedule', title: 'Schedules', key: 'scheduler.name', file: 'experiment', registry: schedulers },
  { kind: 'transform', title: 'Augmentation', key: 'augment[].name', file: 'experiment', registry: transforms },
  { kind: 'mix', title: 'Mixes', key: 'mix.name', file: 'experiment', registry: mixes },
  { kind: 'split method', title: 'Splits', key: 'split.method', file: 'project.jsonc', registry: splits },
]
