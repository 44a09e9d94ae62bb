import { UserError } from '../../core/errors.ts'

export interface Token {
  readonly kind: 'name' | 'number' | 'string' | 'mark' | 'end'
  /** Of a string its content. */
  readonly text: string
  readonly line: number
}

const patterns = [
  ['skip', /(?:[ \t\r\f]|\\\r?\n|#[^\n]*)+/y],
  ['line', /\n/y],
  ['number', /(?:0[xX][\da-fA-F_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?)/y],
  [
    'string',
    /[rbuRBU]{0,2}(?:\x22\x22\x22([\s\S]*?)\x22\x22\x22|\x27\x27\x27([\s\S]*?)\x27\x27\x27|\x22((?:\\.|[^\x22\\\n])*)\x22|\x27((?:\\.|[^\x27\\\n])*)\x27)/y,
  ],
  ['name', /[\p{L}_][\p{L}\p{N}_]*/uy],
  ['mark', /\*\*|\/\/|[^\s]/y],
] as const

/** Python text as tokens; indentation and line ends mean nothing inside a call. @throws UserError `broken-python` with the line */
export function pythonTokens(text: string): readonly Token[] {
  const tokens: Token[] = []
  let line = 1
  for (let at = 0; at < text.length;) {
    for (const [kind, pattern] of patterns) {
      pattern.lastIndex = at
      const match = pattern.exec(text)
      if (match === null) continue
      at = pattern.lastIndex
      const content = kind === 'string' ? match.slice(1).join('') : match[0]
      if (kind === 'mark' && /["']/.test(content))
        throw new UserError('this text is not closed', { line, value: content, code: 'broken-python' })
      if (kind !== 'skip' && kind !== 'line') tokens.push({ kind, text: content, line })
      line += match[0].split('\n').length - 1
      break
    }
  }
  return [...tokens, { kind: 'end', text: '', line }]
}
