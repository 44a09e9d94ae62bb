import { UserError } from '../errors.ts'
import { compilePattern } from './pattern.ts'

/** No file system has longer names; the time of a search grows with a power of this. */
const longestName = 255

/** Text by code point, as Python compares it; the `<` of JavaScript compares UTF-16 units and differs beyond U+FFFF. */
export function compareCodePoints(a: string, b: string): number {
  const left = Array.from(a, (character) => character.codePointAt(0)!)
  const right = Array.from(b, (character) => character.codePointAt(0)!)
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const difference = left[i] - right[i]
    if (difference !== 0) return difference
  }
  return left.length - right.length
}

/** Groups in the order in which NumPy sorts them: numbers by value, text by code point (so patient_10 < patient_9). */
export function compareGroups(a: string | number, b: string | number): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : compareCodePoints(String(a), String(b))
}

/**
 * The group of each file: what the pattern's first capture group matches in its name, or the whole match without one.
 * @throws UserError for a pattern that cannot be used, or naming the first file that does not match
 */
export function groupsOf(names: readonly string[], pattern: string): string[] {
  const expression = compilePattern(pattern)
  return names.map((name) => {
    if (name.length > longestName) {
      throw new UserError(
        `The file name "${name.slice(0, 60)}…" has ${name.length} characters; at most ${longestName} can be grouped.`,
        { value: name, hint: 'Shorten the name.', code: 'group-name' },
      )
    }
    const match = expression.exec(name)
    const group = match?.[1] ?? match?.[0]
    if (group !== undefined) return group
    const hint = 'Every image needs a group: widen split.group.pattern in foldwise/project.jsonc or rename the file.'
    throw new UserError(`The group pattern does not match the file "${name}".`, {
      value: pattern,
      hint,
      code: 'group-pattern',
    })
  })
}
