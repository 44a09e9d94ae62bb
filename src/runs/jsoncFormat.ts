/** Comments by path: `'split.seed'` stands above that key, `''` above the whole document. */
export type JsoncComments = Readonly<Partial<Record<string, string>>>

const width = 110

/** JSON with comments, for a new file: what fits on a line and has no comment inside stays on one. */
export function formatJsonc(value: unknown, comments: JsoncComments = {}): string {
  const head = comments[''] === undefined ? '' : commentLines(comments[''], '')
  return `${head}${formatValue(value, '', '', comments)}\n`
}

function formatValue(value: unknown, path: string, indent: string, comments: JsoncComments): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const line = onOneLine(value)
  const hasComments = Object.keys(comments).some((key) => (path === '' ? key !== '' : key.startsWith(`${path}.`)))
  if (!hasComments && path !== '' && indent.length + line.length <= width) return line
  const inner = `${indent}  `
  const entries = Array.isArray(value)
    ? value.map((item: unknown, index) => ({ key: String(index), label: '', item }))
    : definedEntries(value).map(([key, item]) => ({ key, label: `${JSON.stringify(key)}: `, item }))
  if (entries.length === 0) return line
  const lines = entries.map(({ key, label, item }) => {
    const place = path === '' ? key : `${path}.${key}`
    const comment = Object.hasOwn(comments, place) ? comments[place] : undefined
    const above = comment === undefined ? '' : commentLines(comment, inner)
    return `${above}${inner}${label}${formatValue(item, place, inner, comments)}`
  })
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}']
  return `${open}\n${lines.join(',\n')}\n${indent}${close}`
}

function onOneLine(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(onOneLine).join(', ')}]`
  const entries = definedEntries(value).map(([key, item]) => `${JSON.stringify(key)}: ${onOneLine(item)}`)
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`
}

function definedEntries(value: object): [string, unknown][] {
  return Object.entries(value).filter(([, item]) => item !== undefined)
}

function commentLines(comment: string, indent: string): string {
  return comment
    .split('\n')
    .map((line) => `${indent}// ${line}\n`)
    .join('')
}
