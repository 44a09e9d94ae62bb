import { UserError } from '../errors.ts'

const longestPattern = 200
/** Backtracking takes up to (length of the name)ᵏ steps for k open-ended repeats in a row. */
const mostOpenRepeats = 5

const openRepeat = /^(?:[*+]|\{\d+,\})/
const characterClass = /^\[(?:\\.|[^\]\\])*\]/

function patternError(message: string, pattern: string, hint: string, cause?: unknown): UserError {
  return new UserError(message, { value: pattern, hint, code: 'group-pattern', cause })
}

/** Open-ended repeats in the pattern, and whether one repeats a group that itself repeats or branches: exponential time. */
function inspect(pattern: string): { openRepeats: number; isNested: boolean } {
  let openRepeats = 0
  let isNested = false
  const branching = [false]
  for (let i = 0; i < pattern.length;) {
    const rest = pattern.slice(i)
    const length = rest.startsWith('\\') ? 2 : (characterClass.exec(rest)?.[0].length ?? 1)
    if (rest.startsWith('(')) branching.push(false)
    if (rest.startsWith('|')) branching[branching.length - 1] = true
    const closed = rest.startsWith(')') && branching.pop() === true
    if (closed && branching.length > 0) branching[branching.length - 1] = true
    i += length
    const repeat = openRepeat.exec(pattern.slice(i))
    if (repeat !== null && !rest.startsWith('(')) {
      openRepeats++
      isNested ||= closed
      branching[branching.length - 1] = true
      i += repeat[0].length
    }
  }
  return { openRepeats, isNested }
}

/**
 * The user's regular expression (JavaScript syntax, Unicode mode).
 * @throws UserError when it is not one, is too long, or could take very long on a file name that does not match
 */
export function compilePattern(pattern: string): RegExp {
  if (pattern.length > longestPattern) {
    throw patternError(
      `The group pattern has ${pattern.length} characters; at most ${longestPattern} are allowed.`,
      pattern,
      'Match only the part of the name that tells the group.',
    )
  }
  let expression: RegExp
  try {
    expression = new RegExp(pattern, 'u')
  } catch (cause) {
    throw patternError('The group pattern is not a regular expression.', pattern, 'Example: ^(patient_\\d+)_', cause)
  }
  const { openRepeats, isNested } = inspect(pattern)
  if (isNested) {
    throw patternError(
      'The group pattern repeats a group that itself repeats or branches, which can take forever.',
      pattern,
      'Remove the outer repeat: (\\d+) instead of (\\d+)+.',
    )
  }
  if (openRepeats > mostOpenRepeats) {
    throw patternError(
      `The group pattern has ${openRepeats} open-ended repeats (* or +); at most ${mostOpenRepeats} are allowed.`,
      pattern,
      'Match only the part of the name that tells the group.',
    )
  }
  return expression
}
