import { existsSync } from 'node:fs'
import { relative, sep } from 'node:path'
import { UserError } from '../../../core/errors.ts'
import { experimentName } from '../../../core/experimentFile.ts'
import { nearestNames } from '../../../core/nearest.ts'
import { experimentPath, listExperiments, loadExperiment, type LoadedExperiment } from '../../../runs/experiments.ts'
import type { Workspace } from '../../../runs/workspace.ts'
import { noteText } from '../attempt.ts'
import type { Finding } from './finding.ts'
import { meantText, replacementsFor } from './nearestNames.ts'

/** What an experiment extends, as it lies on the disk. */
export interface Inheritance {
  /** Undefined where nothing is extended, or it cannot be read. */
  readonly parent: LoadedExperiment | undefined
  /** Whether `extends` could be followed to its end. */
  readonly isWhole: boolean
  /** What is wrong with `extends`. */
  readonly findings: readonly Finding[]
}

/**
 * Follows `extends` of a text that need not be saved.
 * @param name of the experiment that the text is
 * @param extended what the text says in `extends`
 */
export function inheritanceOf(workspace: Workspace, name: string, extended: unknown): Inheritance {
  if (extended === undefined) return { parent: undefined, isWhole: true, findings: [] }
  // That it must be a name is for the form of the file to say.
  if (!experimentName.safeParse(extended).success || typeof extended !== 'string') return broken()
  if (extended === name) return broken(circle([name], workspace, name))
  try {
    const parent = loadExperiment(workspace, extended)
    if (parent.lineage.includes(name)) return broken(circle(parent.lineage, workspace, name))
    return { parent, isWhole: true, findings: [] }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return broken(findingOf(error, workspace, name, extended))
  }
}

function broken(...findings: readonly Finding[]): Inheritance {
  return { parent: undefined, isWhole: false, findings }
}

function findingOf(error: UserError, workspace: Workspace, name: string, extended: string): Finding {
  const { code = 'broken-parent', file, hint } = error.details
  const others = listExperiments(workspace).filter((other) => other !== name)
  if (code === 'no-experiment' && error.details.value === extended)
    return atExtends({
      message: `There is no experiment "${extended}".${meantText(extended, others)}`,
      code,
      replacements: replacementsFor(extended, others),
    })
  // The saved file of this very text is broken, so the way from the parent leads back here.
  if (file !== undefined && file === ownFile(workspace, name)) return circle([extended, name], workspace, name)
  if (code === 'invalid-name')
    return atExtends({
      message: `An experiment cannot be called "${extended}".`,
      code,
      replacements: replacementsFor(extended, others),
    })
  if (code === 'extends-cycle')
    return atExtends({ message: `${error.message} ${hint ?? ''}`, code, replacements: waysOut(workspace, name) })
  const message = `What this experiment extends cannot be used: ${noteText(error).replace(`${workspace.root}${sep}`, '')}`
  return atExtends({ message, code: 'broken-parent', replacements: [] })
}

function ownFile(workspace: Workspace, name: string): string | undefined {
  try {
    return experimentPath(workspace, name)
  } catch (error) {
    if (error instanceof UserError) return undefined
    throw error
  }
}

function circle(lineage: readonly string[], workspace: Workspace, name: string): Finding {
  const way = [name, ...lineage.slice(0, lineage.indexOf(name) + 1)]
  return atExtends({
    message: `Experiments extend each other in a circle: ${way.join(' → ')}. Let one of them extend the baseline instead.`,
    code: 'extends-cycle',
    replacements: waysOut(workspace, name),
  })
}

/** Experiments called like a baseline that do not lead back here. */
function waysOut(workspace: Workspace, name: string): readonly string[] {
  const candidates = nearestNames('baseline', listExperiments(workspace))
  return candidates.filter((other) => !leadsTo(workspace, other, name)).map((other) => JSON.stringify(other))
}

function leadsTo(workspace: Workspace, from: string, name: string): boolean {
  try {
    return loadExperiment(workspace, from).lineage.includes(name)
  } catch (error) {
    if (error instanceof UserError) return true
    throw error
  }
}

function atExtends(finding: Pick<Finding, 'message' | 'code' | 'replacements'>): Finding {
  return { path: ['extends'], mark: 'value', ...finding }
}

/** `foldwise/experiments/base.jsonc:4`, as a person would name a place in the project. */
export function placeText(workspace: Workspace, { file, line }: ReturnType<LoadedExperiment['locate']>): string {
  const path = file === undefined ? '' : relative(workspace.root, file).split(sep).join('/')
  return line === undefined ? path : `${path}:${line}`
}

/** Whether there is an experiment of this name. */
export function hasExperiment(workspace: Workspace, name: string): boolean {
  try {
    return existsSync(experimentPath(workspace, name))
  } catch (error) {
    if (error instanceof UserError) return false
    throw error
  }
}
