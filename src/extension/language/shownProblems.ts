import type { Problem } from '../../protocol/questions.ts'

/** Positions count from 0. */
export type Span = Pick<Problem, 'startLine' | 'startColumn' | 'endLine' | 'endColumn'>

/** What another tool says of the same text. */
export interface OtherMessage {
  readonly span: Span
  readonly isError: boolean
}

/**
 * The problems to show beside what VS Code's own JSON validation says: one message per mistake.
 * @param isSettled false while that validation may still be about to speak: what it also finds is not shown yet
 */
export function shownProblems(
  problems: readonly Problem[],
  others: readonly OtherMessage[],
  isSettled: boolean,
): readonly Problem[] {
  return problems.filter((problem) => {
    switch (problem.code) {
      case 'syntax':
        // Where a text breaks is a matter of the reader: the two may name different lines.
        return isSettled && !others.some(({ isError }) => isError)
      case 'schema':
      case 'repeated-key':
        return isSettled && !others.some(({ span }) => isSamePlace(span, problem))
      default:
        return true
    }
  })
}

/** On one line, or overlapping: what is missing in an object is marked at its brace by one, at a key by the other. */
function isSamePlace(a: Span, b: Span): boolean {
  return a.startLine === b.startLine || doOverlap(a, b)
}

/** Ranges that only touch overlap. */
export function doOverlap(a: Span, b: Span): boolean {
  const isBefore = (x: Span, y: Span): boolean =>
    x.endLine < y.startLine || (x.endLine === y.startLine && x.endColumn < y.startColumn)
  return !isBefore(a, b) && !isBefore(b, a)
}
