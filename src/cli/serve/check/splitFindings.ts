import { UserError } from '../../../core/errors.ts'
import type { ValuePath } from '../../../core/issues.ts'
import { projectSchema } from '../../../core/project.ts'
import type { ProjectSplit } from '../../../core/splits/projectSplit.ts'
import { compilePattern } from '../../../core/splits/pattern.ts'
import { splits } from '../../../core/splits/registry.ts'
import { splitImages } from '../../../core/splits/splitImages.ts'
import { groupHint } from '../../../data/inspect/groupHint.ts'
import type { Finding } from './finding.ts'
import { valueAt } from './valueAt.ts'

/** A pattern that is being typed may take long on every name: what has been seen until then must do. */
const patternMilliseconds = 500
const patternPath: ValuePath = ['split', 'group', 'pattern']

/**
 * A split that these images do not allow.
 * @param names of the images that have masks
 */
export function splitFindings(project: unknown, names: readonly string[]): readonly Finding[] {
  const pattern = valueAt(project, patternPath)
  const grouping = typeof pattern === 'string' && pattern !== '' ? groupFindings(pattern, names) : []
  if (grouping === undefined || grouping.length > 0) return grouping ?? []
  const split = projectSchema.shape.split.safeParse(valueAt(project, ['split']))
  if (!split.success || isReadFromFiles(split.data)) return []
  try {
    splitImages(names, split.data)
    return []
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    const { hint, code = 'split', value } = error.details
    // scikit-learn's message is about one argument: the one that has this value.
    const key = Object.keys(split.data).find((each) => value !== undefined && split.data[each] === value)
    const message = hint === undefined ? error.message : `${error.message} ${hint}`
    const path = key === undefined ? ['split'] : ['split', key]
    return [{ path, mark: key === undefined ? 'key' : 'value', message, code, replacements: [] }]
  }
}

/** Whether masks or tables would have to be read to split: too long while somebody types. */
function isReadFromFiles({ method, group }: ProjectSplit): boolean {
  const { needs } = splits.get(method)
  return needs.some((need) => need !== 'groups') || (needs.includes('groups') && group?.pattern === undefined)
}

/** undefined where the pattern is too slow to tell. */
function groupFindings(pattern: string, names: readonly string[]): readonly Finding[] | undefined {
  const hint = groupHint(names)
  const replacements = hint === undefined ? [] : [JSON.stringify(hint.pattern)]
  const finding = (message: string): Finding => ({
    path: patternPath,
    mark: 'value',
    message,
    code: 'group-pattern',
    replacements,
  })
  let expression: RegExp
  try {
    expression = compilePattern(pattern)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return [finding(`${error.message} ${error.details.hint ?? ''}`)]
  }
  const deadline = performance.now() + patternMilliseconds
  const without: string[] = []
  for (const name of names) {
    if (performance.now() > deadline) return undefined
    if (!expression.test(name)) without.push(name)
  }
  if (without.length === 0) return []
  return [
    finding(
      without.length === names.length
        ? `This pattern matches none of the ${names.length} images, e.g. not "${without[0]}".`
        : `This pattern matches ${names.length - without.length} of ${names.length} images; the first without a group is "${without[0]}".`,
    ),
  ]
}
