import { describe, expect, it } from 'vitest'
import { doOverlap, shownProblems, type OtherMessage } from '../../../src/extension/language/shownProblems.ts'
import type { Problem } from '../../../src/protocol/questions.ts'

function problem(code: string, line: number, [start, end]: readonly [number, number] = [2, 8]): Problem {
  const span = { startLine: line, startColumn: start, endLine: line, endColumn: end }
  return { severity: 'error', message: code, file: '/x', ...span, code, replacements: [] }
}

function other(line: number, isError = false, endLine = line): OtherMessage {
  return { span: { startLine: line, startColumn: 0, endLine, endColumn: 4 }, isError }
}

const codes = (problems: readonly Problem[]): readonly (string | undefined)[] => problems.map(({ code }) => code)

describe("problems beside those of VS Code's own validation", () => {
  it('are shown where the schema cannot know them, at once', () => {
    const weights = problem('unknown-weights', 3)
    expect(shownProblems([weights], [other(3)], false)).toEqual([weights])
  })

  it('are left to it where it says the same on that line', () => {
    expect(
      codes(shownProblems([problem('schema', 3), problem('repeated-key', 4)], [other(3), other(4)], true)),
    ).toEqual([])
  })

  it('are left to it where its mark reaches over several lines', () => {
    expect(codes(shownProblems([problem('schema', 5)], [other(3, false, 7)], true))).toEqual([])
  })

  it('are shown where it is silent, once it has had its time', () => {
    expect(codes(shownProblems([problem('schema', 3)], [other(9)], true))).toEqual(['schema'])
    expect(codes(shownProblems([problem('schema', 3), problem('syntax', 4)], [], false))).toEqual([])
  })

  it('are one message for a broken text, wherever each of the two sees the break', () => {
    expect(codes(shownProblems([problem('syntax', 8)], [other(2, true)], true))).toEqual([])
    expect(codes(shownProblems([problem('syntax', 8)], [other(2, false)], true))).toEqual(['syntax'])
  })
})

describe('ranges', () => {
  const at = (startLine: number, startColumn: number, endLine: number, endColumn: number) => ({
    startLine,
    startColumn,
    endLine,
    endColumn,
  })

  it('overlap where they share or touch a place', () => {
    expect(doOverlap(at(1, 0, 1, 4), at(1, 4, 1, 9))).toBe(true)
    expect(doOverlap(at(1, 0, 3, 0), at(2, 5, 2, 6))).toBe(true)
  })

  it('do not where one ends before the other begins', () => {
    expect(doOverlap(at(1, 0, 1, 4), at(1, 5, 1, 9))).toBe(false)
    expect(doOverlap(at(4, 0, 5, 0), at(2, 5, 3, 6))).toBe(false)
  })
})
