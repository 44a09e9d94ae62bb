import { UserError } from '../../core/errors.ts'
import { groupsOf } from '../../core/splits/groups.ts'

/** Images whose names begin alike, so probably come from one scene, patient or drive. */
export interface GroupHint {
  /** Regular expression whose first capture group is the group. */
  readonly pattern: string
  readonly groups: number
}

const patterns = ['^([^/]+)/', '^([^_]+)_', '^([^-]+)-', '^(.+)_[^_]*$', '^(.+)-[^-]*$']

/** The first usual pattern that puts nearly all images in groups of several; undefined where names show no groups. */
export function groupHint(names: readonly string[]): GroupHint | undefined {
  for (const pattern of patterns) {
    const sizes = new Map<string, number>()
    for (const group of groupsIn(names, pattern)) sizes.set(group, (sizes.get(group) ?? 0) + 1)
    const inGroups = [...sizes.values()].reduce((sum, size) => sum + (size > 1 ? size : 0), 0)
    if (sizes.size >= 2 && inGroups >= 0.8 * names.length) return { pattern, groups: sizes.size }
  }
  return undefined
}

/** Groups that a layout gives, however few images are in each; undefined where there is only one. */
export function knownGroups(names: readonly string[], pattern: string): GroupHint | undefined {
  const groups = new Set(groupsIn(names, pattern)).size
  return groups < 2 ? undefined : { pattern, groups }
}

/** Empty where a name does not match. */
function groupsIn(names: readonly string[], pattern: string): readonly string[] {
  try {
    return groupsOf(names, pattern)
  } catch (error) {
    if (error instanceof UserError) return []
    throw error
  }
}
