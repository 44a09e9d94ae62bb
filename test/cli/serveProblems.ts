import { expect } from 'vitest'
import type { Problem } from '../../src/protocol/questions.ts'

/** The part of the text that a problem marks. */
export function marked(text: string, { startLine, startColumn, endLine, endColumn }: Problem): string {
  const lines = text.split(/\r\n|\r|\n/)
  if (startLine === endLine) return lines[startLine].slice(startColumn, endColumn)
  return [
    lines[startLine].slice(startColumn),
    ...lines.slice(startLine + 1, endLine),
    lines[endLine].slice(0, endColumn),
  ].join('\n')
}

/** A text and every problem of it. */
export interface Expected {
  readonly title: string
  readonly text: string
  /** What is marked; every problem must be listed, in the order of the text. */
  readonly problems: readonly {
    readonly marks: string
    readonly code: string
    readonly says?: string
    readonly replacements?: readonly string[]
  }[]
}

function inTextOrder(problems: readonly Problem[]): readonly Problem[] {
  return problems.toSorted((a, b) => a.startLine - b.startLine || a.startColumn - b.startColumn)
}

/** Exactly these problems, whatever order they come in. */
export function expectProblems(
  problems: readonly Problem[],
  { text, problems: expected }: Omit<Expected, 'title'>,
): void {
  const found = inTextOrder(problems)
  expect(found.map((problem) => ({ marks: marked(text, problem), code: problem.code }))).toEqual(
    expected.map(({ marks, code }) => ({ marks, code })),
  )
  for (const [index, { says = '', replacements = [] }] of expected.entries()) {
    expect(found[index].message).toContain(says)
    expect(found[index].replacements.slice(0, replacements.length)).toEqual(replacements)
  }
}
