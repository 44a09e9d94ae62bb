import type { ValuePath } from '../../../core/issues.ts'
import type { Problem } from '../../../protocol/questions.ts'
import type { SourceText, Span } from './sourceText.ts'

/** Something wrong with a value, before it is known where in which text it stands. */
export interface Finding {
  readonly path: ValuePath
  /** What is marked: the value, the key that leads to it, or, as it is not there, what stands nearest. */
  readonly mark: 'value' | 'key' | 'missing'
  readonly message: string
  readonly code: string
  /** JSON texts, the nearest first. */
  readonly replacements: readonly string[]
  readonly severity?: 'warning' | 'information'
}

/** The finding as a problem of this text. */
export function problemAt(source: SourceText, { path, mark, message, code, replacements, severity }: Finding): Problem {
  const exact = mark === 'value' ? source.valueSpan(path) : mark === 'key' ? source.keySpan(path) : undefined
  const { file } = source
  const span = exact ?? source.nearestSpan(path)
  return {
    severity: severity ?? 'error',
    message,
    file,
    ...rangeOf(source.text, span),
    code,
    // What would be right for the value is not right for the brace that stands for it.
    replacements: exact === undefined ? [] : [...replacements],
  }
}

/** Lines and columns from 0, as VS Code counts: lines end at \n, \r\n or \r. */
export function rangeOf(
  text: string,
  { offset, length }: Span,
): Pick<Problem, 'startLine' | 'startColumn' | 'endLine' | 'endColumn'> {
  const [startLine, startColumn] = positionOf(text, offset)
  const [endLine, endColumn] = positionOf(text, offset + length)
  return { startLine, startColumn, endLine, endColumn }
}

function positionOf(text: string, offset: number): readonly [line: number, column: number] {
  const lines = text.slice(0, offset).split(/\r\n|\r|\n/)
  return [lines.length - 1, lines[lines.length - 1].length]
}
