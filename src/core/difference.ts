import { isEqual } from './equal.ts'
import type { ExperimentConfig, NamedArguments } from './experiment.ts'
import { defaultInference, type InferenceSettings } from './inferenceSettings.ts'
import { matchElements } from './matching.ts'

/** What may differ between two experiments. The seed is none of them. */
export type Condition =
  | 'model'
  | 'encoder weights'
  | 'loss'
  | 'optimizer'
  | 'scheduler'
  | 'augmentation'
  | 'mixing'
  | 'input size'
  | 'batch'
  | 'sampler'
  | 'epochs'
  | 'best epoch'
  | 'early stopping'
  | 'freezing'
  | 'memory'
  | 'precision'
  | 'inference'
  | 'split'

/** One changed condition. */
export interface Difference {
  readonly condition: Condition
  /** Key in the file, e.g. `augment[1].p`; positions count in the list after the change, or before it for what was removed. */
  readonly path: string
  /** undefined for something added. */
  readonly before: unknown
  /** undefined for something removed. */
  readonly after: unknown
  /** For a person, e.g. `optimizer: Adam → AdamW`. */
  readonly words: string
}

/** What is compared; with the split's hash where both sides are runs that recorded one. */
export type ComparedConditions = ExperimentConfig & { readonly splitHash?: string }

type Values = Readonly<Record<string, unknown>>

function textOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(textOf).join(', ')}]`
  if (value === undefined) return 'default'
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function changedKeys(before: Values, after: Values): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (key) => !isEqual(before[key], after[key]),
  )
}

function changed(condition: Condition, path: string, label: string, before: unknown, after: unknown): Difference {
  return { condition, path, before, after, words: `${label}: ${textOf(before)} → ${textOf(after)}` }
}

interface MethodSection<Section extends string = 'model' | 'optimizer' | 'scheduler' | 'mix'> {
  readonly condition: Condition
  readonly section: Section
  readonly nameKey: 'arch' | 'name'
  /** Keys that are conditions of their own also when the method changes. */
  readonly own: readonly string[]
}

const methodSections: readonly MethodSection<'model' | 'optimizer' | 'scheduler'>[] = [
  {
    condition: 'model',
    section: 'model',
    nameKey: 'arch',
    own: ['encoder_name', 'encoder_weights', 'encoder_depth', 'in_channels'],
  },
  { condition: 'optimizer', section: 'optimizer', nameKey: 'name', own: ['lr'] },
  { condition: 'scheduler', section: 'scheduler', nameKey: 'name', own: [] },
]

/** Another method is one change whatever arguments it brings; those that both methods have are told in its words. */
function methodDifferences(
  { condition, section, nameKey, own }: MethodSection,
  before: Values,
  after: Values,
): Difference[] {
  const keys = changedKeys(before, after)
  const isRenamed = keys.includes(nameKey)
  const differences = keys
    .filter((key) => key !== nameKey && (!isRenamed || own.includes(key)))
    .map((key) =>
      changed(
        key === 'encoder_weights' ? 'encoder weights' : condition,
        `${section}.${key}`,
        key,
        before[key],
        after[key],
      ),
    )
  if (!isRenamed) return differences
  const method = changed(condition, `${section}.${nameKey}`, condition, before[nameKey], after[nameKey])
  const along = keys.filter((key) => key !== nameKey && !own.includes(key) && key in before && key in after)
  const brought = along.map((key) => `${key} ${textOf(before[key])} → ${textOf(after[key])}`).join(', ')
  return [{ ...method, words: brought === '' ? method.words : `${method.words} (${brought})` }, ...differences]
}

function elementText({ name, weight }: NamedArguments): string {
  return typeof weight === 'number' && weight !== 1 ? `${name} × ${weight}` : name
}

/** Lists of losses or transforms, element by element: added, removed, replaced, or the same with other arguments. */
function listDifferences(
  condition: Condition,
  section: string,
  before: readonly NamedArguments[],
  after: readonly NamedArguments[],
): Difference[] {
  const { same, replaced, removed, added } = matchElements(before, after, isEqual)
  const whole = (
    position: number,
    old: NamedArguments | undefined,
    now: NamedArguments | undefined,
    what: string,
  ): Difference => ({
    condition,
    path: `${section}[${position}]`,
    before: old,
    after: now,
    words: `${condition}: ${what}`,
  })
  const ofArguments = same.flatMap(({ before: i, after: j }) =>
    changedKeys(before[i], after[j]).flatMap((key) => {
      const [path, old, now] = [`${section}[${j}].${key}`, before[i][key], after[j][key]]
      // Transforms inside a transform.
      return isMethodList(old) && isMethodList(now)
        ? listDifferences(condition, path, old, now)
        : [changed(condition, path, `${after[j].name} ${key}`, old, now)]
    }),
  )
  // Losses are summed: their order is no difference.
  const moved = section === 'loss' ? [] : same.filter(({ isMoved }) => isMoved)
  return [
    ...ofArguments,
    ...moved.map(({ before: i, after: j }) => whole(j, before[i], after[j], `${elementText(after[j])} moved`)),
    ...replaced.map(({ before: i, after: j }) =>
      whole(j, before[i], after[j], `${elementText(before[i])} → ${elementText(after[j])}`),
    ),
    ...removed.map((i) => whole(i, before[i], undefined, `− ${elementText(before[i])}`)),
    ...added.map((j) => whole(j, undefined, after[j], `+ ${elementText(after[j])}`)),
  ]
}

function isMethodList(value: unknown): value is readonly NamedArguments[] {
  return Array.isArray(value) && typeof (value[0] as Values | undefined)?.['name'] === 'string'
}

/** Batch size and accumulation together are one change where their product stays the same. */
function batchDifferences(before: ExperimentConfig['data'], after: ExperimentConfig['data']): Difference[] {
  const keys = (['batch_size', 'accumulate_grad_batches'] as const).filter((key) => before[key] !== after[key])
  const product = ({ batch_size: size, accumulate_grad_batches: batches }: ExperimentConfig['data']): number =>
    size * batches
  if (keys.length < 2 || product(before) !== product(after))
    return keys.map((key) => changed('batch', `data.${key}`, key, before[key], after[key]))
  const text = ({ batch_size: size, accumulate_grad_batches: batches }: ExperimentConfig['data']): string =>
    `${size} × ${batches}`
  return [changed('batch', 'data.batch_size', 'batch × accumulated', text(before), text(after))]
}

/** A mix where there was none is one change whatever arguments it brings. */
function mixDifferences(before: NamedArguments | null, after: NamedArguments | null): Difference[] {
  if (before !== null && after !== null)
    return methodDifferences({ condition: 'mixing', section: 'mix', nameKey: 'name', own: ['p'] }, before, after)
  if (before === after) return []
  const words = after === null ? `− ${before!.name}` : `+ ${after.name}`
  return [{ condition: 'mixing', path: 'mix', before, after, words: `mixing: ${words}` }]
}

/** Another sampler, or another share of foreground where both read it. Runs of earlier versions shuffled. */
function samplerDifferences(before: ExperimentConfig['data'], after: ExperimentConfig['data']): Difference[] {
  const key =
    before.sampler === after.sampler && after.sampler === 'foreground_balanced' ? 'foreground_share' : 'sampler'
  const [old, now] = [before, after].map((data) => data[key] ?? 'shuffle')
  return isEqual(old, now) ? [] : [changed('sampler', `data.${key}`, key, old, now)]
}

const testTime = ['tta', 'tta_scales'] as const

/** Windows and views of validation change its scores. Overlap and blend mean nothing without them. */
function inferenceDifferences(before: ExperimentConfig, after: ExperimentConfig): Difference[] {
  // Runs of earlier versions recorded none.
  const [old, now]: readonly InferenceSettings[] = [before, after].map(({ inference }) => ({
    ...defaultInference,
    ...inference,
  }))
  const slides = old.window !== 'whole' && now.window !== 'whole'
  const keys = [...(slides ? (['window', 'overlap', 'blend'] as const) : (['window'] as const)), ...testTime]
  return keys
    .filter((key) => !isEqual(old[key], now[key]))
    .map((key) => changed('inference', `inference.${key}`, key, old[key], now[key]))
}

/** Keys of `train` that runs of earlier versions did not record, with what those did. */
const laterChoices: readonly (readonly [Condition, keyof ExperimentConfig['train'], unknown])[] = [
  ['best epoch', 'monitor', null],
  ['early stopping', 'early_stopping', null],
  ['freezing', 'freeze_encoder_epochs', 0],
  ['freezing', 'freeze_batchnorm', 'none'],
  ['memory', 'checkpoint_activations', false],
]

/** The conditions in which `after` differs from `before`, in the order of the file; empty when only the seed differs. */
export function differences(before: ComparedConditions, after: ComparedConditions): Difference[] {
  const single = (condition: Condition, path: string, label: string, old: unknown, now: unknown): Difference[] =>
    isEqual(old, now) ? [] : [changed(condition, path, label, old, now)]
  return [
    ...methodDifferences(methodSections[0], before.model, after.model),
    ...listDifferences('loss', 'loss', before.loss, after.loss),
    ...methodSections
      .slice(1)
      .flatMap((section) => methodDifferences(section, before[section.section], after[section.section])),
    ...single(
      'optimizer',
      'train.clip_grad_norm',
      'clip_grad_norm',
      before.train.clip_grad_norm,
      after.train.clip_grad_norm,
    ),
    ...(['clip_grad_value', 'ema'] as const).flatMap((key) =>
      single('optimizer', `train.${key}`, key, before.train[key] ?? null, after.train[key] ?? null),
    ),
    ...listDifferences('augmentation', 'augment', before.augment, after.augment),
    ...mixDifferences(before.mix ?? null, after.mix ?? null),
    ...single('input size', 'data.image_size', 'image_size', before.data.image_size, after.data.image_size),
    ...batchDifferences(before.data, after.data),
    ...samplerDifferences(before.data, after.data),
    ...single('epochs', 'train.epochs', 'epochs', before.train.epochs, after.train.epochs),
    ...laterChoices.flatMap(([condition, key, fallback]) =>
      single(condition, `train.${key}`, key, before.train[key] ?? fallback, after.train[key] ?? fallback),
    ),
    ...single(
      'precision',
      'train.precision',
      'precision',
      before.train.precision ?? 'fp32',
      after.train.precision ?? 'fp32',
    ),
    ...inferenceDifferences(before, after),
    ...single('split', 'split', 'split', before.splitHash, after.splitHash),
  ]
}
