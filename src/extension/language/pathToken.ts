/** How a text marks off the paths in it. */
export type TextKind = 'json' | 'csv' | 'python' | 'text'

/** Something in a line that may name a picture. Columns count from 0; quotes are left out. */
export interface PathToken {
  readonly text: string
  readonly start: number
  readonly end: number
  /** Whether it may be a name without its ending, as in a column of image names. */
  readonly mayBeStem: boolean
}

const pictureEnding = /\.(png|jpe?g|bmp|tiff?|webp|gif)$/i
const longest = 1000

/** Whether a file of this name can be shown. */
export function isPictureName(name: string): boolean {
  return pictureEnding.test(name)
}

export function textKind(languageId: string, fileName: string): TextKind {
  if (languageId.startsWith('json')) return 'json'
  if (languageId === 'python') return 'python'
  const isTable = /^[ct]sv\b/.test(languageId) || /\.[ct]sv$/i.test(fileName)
  return isTable ? 'csv' : 'text'
}

/** What may name a picture under this column, the likeliest first. */
export function pathTokensAt(line: string, column: number, kind: TextKind): readonly PathToken[] {
  const tokens = kind === 'csv' ? [cellAt(line, column)] : [quotedAt(line, column, kind), bareAt(line, column, kind)]
  return tokens.filter((token) => token !== undefined).filter(isLikely)
}

function isLikely({ text, mayBeStem }: PathToken): boolean {
  if (text === '' || text.length > longest || /^[a-z][a-z\d+.-]+:\/\//i.test(text)) return false
  return isPictureName(text) || (mayBeStem && !/[:*?"<>|]/.test(text))
}

interface Literals {
  /** First group: a prefix, or empty. The next that matched: what is between the quotes. */
  readonly pattern: RegExp
  readonly read: (inner: string, prefix: string) => string
}

const literals: Readonly<Record<Exclude<TextKind, 'csv'>, Literals>> = {
  json: { pattern: /()"((?:[^"\\]|\\.)*)"/g, read: fromJson },
  python: {
    pattern: /([rRbBfFuU]{0,2})(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')/g,
    read: (inner, prefix) => (/r/i.test(prefix) ? inner : inner.replace(/\\(.)/g, '$1')),
  },
  // In prose an apostrophe quotes nothing.
  text: {
    pattern: /()(?:"([^"]*)"|`([^`]*)`|(?<![\p{L}\p{N}])'([^']*)'(?![\p{L}\p{N}]))/gu,
    read: (inner) => inner,
  },
}

/** The string literal around a column. */
function quotedAt(line: string, column: number, kind: keyof typeof literals): PathToken | undefined {
  const { pattern, read } = literals[kind]
  const match = [...line.matchAll(pattern)].find(({ index, 0: { length } }) => isWithin(column, index, index + length))
  if (match === undefined) return undefined
  const [, prefix = '', ...groups] = match as readonly (string | undefined)[]
  const inner = groups.find((group) => group !== undefined) ?? ''
  const start = match.index + prefix.length + 1
  return { text: read(inner, prefix), start, end: start + inner.length, mayBeStem: kind === 'json' }
}

/** The word around a column, where paths need no quotes. */
function bareAt(line: string, column: number, kind: TextKind): PathToken | undefined {
  if (kind !== 'text') return undefined
  const word = [...line.matchAll(/[^\s"'`<>|()[\]{}=,;]+/g)].find(({ index, 0: { length } }) =>
    isWithin(column, index, index + length),
  )
  if (word === undefined) return undefined
  const text = word[0].replace(/[.:!?]+$/, '')
  const isFirst = line.slice(0, word.index).trim() === ''
  return { text, start: word.index, end: word.index + text.length, mayBeStem: isFirst }
}

/** The cell of a table around a column; commas, semicolons and tabs divide. */
function cellAt(line: string, column: number): PathToken | undefined {
  const cells = line.matchAll(/(?<=^|[,;\t]) *(?:"((?:[^"]|"")*)" *|([^,;\t]*))(?=$|[,;\t])/g)
  const cell = [...cells].find(({ index, 0: { length } }) => isWithin(column, index, index + length))
  if (cell === undefined) return undefined
  const [whole, quoted, plain = ''] = cell as readonly (string | undefined)[]
  const inner = quoted ?? plain.trim()
  const start = cell.index + whole!.indexOf(inner)
  return { text: inner.replaceAll('""', '"'), start, end: start + inner.length, mayBeStem: true }
}

function isWithin(column: number, start: number, end: number): boolean {
  return start <= column && column <= end
}

function fromJson(inner: string): string {
  try {
    return JSON.parse(`"${inner}"`) as string
  } catch {
    // A lone backslash, as a Windows path is often pasted.
    return inner
  }
}
