import * as z from 'zod'
import { mixes } from '../../../augment/mixes/registry.ts'
import { builtInBaseline } from '../../../core/baseline.ts'
import { experimentNotes } from '../../../core/experimentFile.ts'
import { mergeConditions, type Conditions } from '../../../core/merge.ts'
import { schedulers } from '../../../core/schedulers/registry.ts'
import { architectures } from '../../../model/decoders/registry.ts'
import { isExperimentName } from '../../../protocol/runName.ts'
import type { Workspace } from '../../../runs/workspace.ts'
import { experimentSchema } from '../../../train/experimentSchema.ts'
import { optimizers } from '../../../train/optimizers/registry.ts'
import { conditionFindings } from './conditionFindings.ts'
import { atEncoder, encoderPath, weightsPath } from './encoderWeights.ts'
import type { Finding } from './finding.ts'
import { inheritanceOf, placeText, type Inheritance } from './inheritance.ts'
import { schemaFindings } from './schemaFindings.ts'
import type { SourceText } from './sourceText.ts'
import { valueAt } from './valueAt.ts'

/** Keys of an experiment that hold conditions. */
export const sections = experimentSchema instanceof z.ZodObject ? Object.keys(experimentSchema.shape) : []

/** The file on its own; what is in its sections is checked when they are whole. */
const formSchema = z.strictObject({
  $schema: z.string().optional(),
  ...experimentNotes,
  ...Object.fromEntries(sections.map((section) => [section, z.unknown().optional()])),
})

/** Sections whose arguments belong to a method that may be named by the parent. */
const methods: Readonly<
  Partial<Record<string, { readonly all: readonly { arguments: z.ZodObject }[]; readonly nameKey: string }>>
> = {
  model: { all: architectures.all, nameKey: 'arch' },
  optimizer: { all: optimizers.all, nameKey: 'name' },
  scheduler: { all: schedulers.all, nameKey: 'name' },
  mix: { all: mixes.all, nameKey: 'name' },
}

export interface ExperimentChoice {
  readonly workspace: Workspace
  /** Of the file, without its ending. */
  readonly name: string
  /** Names of the project's classes; undefined where it has none or cannot be read. */
  readonly classes: readonly string[] | undefined
}

/** Everything wrong with the text of an experiment, in it or in what it extends. */
export function experimentFindings(source: SourceText, choice: ExperimentChoice): readonly Finding[] {
  const { workspace, name, classes } = choice
  const form = schemaFindings(formSchema, source.value)
  const own = Object.fromEntries(
    sections.filter((key) => source.has([key])).map((key) => [key, valueAt(source.value, [key])]),
  )
  const inheritance = inheritanceOf(workspace, name, valueAt(source.value, ['extends']))
  const above = mergeConditions(builtInBaseline, inheritance.parent?.conditions ?? {})
  const conditions = mergeConditions(above, own)
  const inherited = new Set(inheritance.parent === undefined ? [] : conditionFindings(above, classes).map(identityOf))
  const found = conditionFindings(conditions, classes).filter(
    (finding) => inheritance.isWhole || isOfItsOwn(finding, source),
  )
  return [
    ...nameFindings(name),
    ...form,
    ...inheritance.findings,
    ...found.map((finding) =>
      inherited.has(identityOf(finding)) && !isWrittenIn(source, finding)
        ? parentsFault(finding, inheritance, workspace)
        : placed(finding, source, { inheritance, workspace, conditions }),
    ),
  ]
}

function nameFindings(name: string): readonly Finding[] {
  if (isExperimentName(name)) return []
  const message = `An experiment cannot be called "${name}": use letters, digits, "_" and "-", and no device name of Windows. Rename the file.`
  return [{ path: [], mark: 'missing', message, code: 'invalid-name', replacements: [] }]
}

/** Whether the text has what is wrong, or the object that lacks something. */
function isWrittenIn(source: SourceText, { path, mark }: Finding): boolean {
  return source.has(mark === 'missing' ? path.slice(0, -1) : path)
}

function identityOf({ path, message }: Finding): string {
  return JSON.stringify([path, message])
}

function parentsFault(finding: Finding, { parent }: Inheritance, workspace: Workspace): Finding {
  const place = parent === undefined ? '' : placeText(workspace, parent.locate(finding.path))
  return {
    ...finding,
    path: ['extends'],
    mark: 'value',
    message: `Inherited from ${place}: ${finding.message}`,
    code: finding.code === 'schema' ? 'inherited' : finding.code,
    replacements: [],
  }
}

interface Placing {
  readonly inheritance: Inheritance
  readonly workspace: Workspace
  readonly conditions: Conditions
}

/** The finding at what this text says; where only together with the parent it is wrong, the message names the parent's place. */
function placed(finding: Finding, source: SourceText, { inheritance, workspace, conditions }: Placing): Finding {
  if (isWrittenIn(source, finding))
    return isOfOtherMethod(finding, source) ? ofOtherMethod(finding, conditions) : finding
  const isWeights = finding.path.join() === weightsPath.join()
  const moved = isWeights && source.has(encoderPath) ? atEncoder(finding, conditions) : finding
  const { parent } = inheritance
  if (parent === undefined || valueAt(parent.conditions, finding.path) === undefined) return moved
  const message = `${moved.message} ("${finding.path.join('.')}" comes from ${placeText(workspace, parent.locate(finding.path))}.)`
  return { ...moved, message, code: moved.code === 'schema' ? 'inherited' : moved.code }
}

/** Whether a key is unknown only to the parent's method: no mistake to a JSON Schema, which knows this text alone. */
function isOfOtherMethod({ path, mark }: Finding, source: SourceText): boolean {
  const [section, key] = path
  const method = methods[String(section)]
  if (mark !== 'key' || path.length !== 2 || method === undefined) return false
  return !source.has([section, method.nameKey]) && method.all.some((each) => key in each.arguments.shape)
}

function ofOtherMethod(finding: Finding, conditions: Conditions): Finding {
  const [section, key] = finding.path
  const name = valueAt(conditions, [section, methods[String(section)]!.nameKey])
  const message = `${String(name)}, which is inherited, has no argument "${key}". ${finding.message}`
  return { ...finding, message, code: 'unknown-argument' }
}

/** Whether a finding holds whatever the experiment extends: that could not be read. */
function isOfItsOwn(finding: Finding, source: SourceText): boolean {
  const { path, code, mark } = finding
  if (!isWrittenIn(source, finding)) return false
  if (code === 'unknown-weights') return source.has(encoderPath)
  const method = methods[String(path[0])]
  if (method === undefined) return true
  return source.has([path[0], method.nameKey]) || (code === 'schema' && mark === 'value')
}
