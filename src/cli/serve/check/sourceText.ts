import { createScanner, getNodeValue, parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser'
import type { ValuePath } from '../../../core/issues.ts'

/** Part of a text, in UTF-16 units from its start. */
export interface Span {
  readonly offset: number
  readonly length: number
}

/** Something wrong with the notation itself. */
export interface Fault extends Span {
  readonly code: 'syntax' | 'repeated-key'
  readonly message: string
}

const longestText = 1_000_000
/** Deeper than any file of ours, and far from where the parser's recursion ends. */
const depthLimit = 50

/** A file as it stands in an editor, perhaps half typed: what can be made of it, and where everything stands. */
export class SourceText {
  readonly file: string
  readonly text: string
  /** As far as the text can be read; undefined where nothing can. */
  readonly value: unknown
  readonly faults: readonly Fault[]
  private readonly root: Node | undefined

  constructor(file: string, text: string) {
    this.file = file
    // The mark at the beginning of some files is no JSON, but it counts as a column.
    this.text = text.replace(/^\uFEFF/, ' ')
    const refusal = refusalOf(this.text)
    const errors: ParseError[] = []
    this.root = refusal === undefined ? parseTree(this.text, errors, { allowTrailingComma: true }) : undefined
    this.value = this.root && (getNodeValue(this.root) as unknown)
    this.faults = refusal ? [refusal] : [...syntaxFaults(errors, this.text), ...repeatedKeys(this.root)]
  }

  get hasSyntaxFaults(): boolean {
    return this.faults.some(({ code }) => code === 'syntax')
  }

  has(path: ValuePath): boolean {
    return nodeAt(this.root, path) !== undefined
  }

  /** The value at a path; undefined where the text has none. */
  valueSpan(path: ValuePath): Span | undefined {
    return nodeAt(this.root, path)
  }

  /** The key that leads to a value, with its quotes; undefined for list elements and the whole text. */
  keySpan(path: ValuePath): Span | undefined {
    const parent = nodeAt(this.root, path)?.parent
    return parent?.type === 'property' ? parent.children?.[0] : undefined
  }

  /** What stands nearest to a path that the text does not have: a key above it, or an opening bracket. */
  nearestSpan(path: ValuePath): Span {
    for (let length = path.length; length > 0; length--) {
      const above = path.slice(0, length)
      const span = this.keySpan(above) ?? this.valueSpan(above)
      if (span !== undefined) return this.keySpan(above) === undefined ? { offset: span.offset, length: 1 } : span
    }
    return { offset: this.root?.offset ?? 0, length: Math.min(1, this.text.length) }
  }
}

/** Of two equal keys the later one counts, as in every JSON parser. */
function nodeAt(root: Node | undefined, path: ValuePath): Node | undefined {
  let node = root
  for (const key of path) {
    node =
      typeof key === 'number'
        ? node?.type === 'array'
          ? node.children?.[key]
          : undefined
        : node?.type === 'object'
          ? node.children?.findLast((property) => property.children?.[0]?.value === key)?.children?.[1]
          : undefined
  }
  return node
}

function refusalOf(text: string): Fault | undefined {
  if (text.length > longestText)
    return {
      offset: 0,
      length: 1,
      code: 'syntax',
      message: `This text has ${text.length} characters; at most ${longestText} are read.`,
    }
  const scanner = createScanner(text, true)
  let depth = 0
  for (scanner.scan(); scanner.getTokenOffset() < text.length; scanner.scan()) {
    const first = text[scanner.getTokenOffset()]
    if (first === '{' || first === '[') depth++
    if (first === '}' || first === ']') depth--
    if (depth > depthLimit)
      return {
        offset: scanner.getTokenOffset(),
        length: 1,
        code: 'syntax',
        message: `Lists and objects are nested more than ${depthLimit} deep.`,
      }
  }
  return undefined
}

/** The parser tells one missing bracket several times. */
function syntaxFaults(errors: readonly ParseError[], text: string): readonly Fault[] {
  const faults = new Map<number, Fault>()
  for (const { error, offset, length } of errors) {
    const words = printParseErrorCode(error).replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    const message = `${words.charAt(0)}${words.slice(1).toLowerCase()}.`
    if (!faults.has(offset)) faults.set(offset, { ...visible(offset, length, text), code: 'syntax', message })
  }
  return [...faults.values()]
}

/** At the end of a text there is nothing to mark but what stands before it. */
function visible(offset: number, length: number, text: string): Span {
  if (length > 0 && offset < text.length) return { offset, length }
  const before = text.slice(0, offset).trimEnd().length
  return before === 0 ? { offset: 0, length: Math.min(1, text.length) } : { offset: before - 1, length: 1 }
}

function repeatedKeys(node: Node | undefined): readonly Fault[] {
  if (node === undefined) return []
  const seen = new Set<unknown>()
  return (node.children ?? []).flatMap((child) => {
    const key = node.type === 'object' ? child.children?.[0] : undefined
    const isRepeated = key !== undefined && seen.has(key.value)
    seen.add(key?.value)
    const own: readonly Fault[] = isRepeated
      ? [
          {
            offset: key.offset,
            length: key.length,
            code: 'repeated-key',
            message: `The key ${JSON.stringify(key.value)} stands twice in the same object. Keep one of them.`,
          },
        ]
      : []
    return [...own, ...repeatedKeys(child)]
  })
}
