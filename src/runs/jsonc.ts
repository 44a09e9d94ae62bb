import { readFileSync } from 'node:fs'
import { findNodeAtLocation, getNodeValue, parseTree, printParseErrorCode } from 'jsonc-parser'
import type { Node, ParseError } from 'jsonc-parser'
import { UserError } from '../core/errors.ts'
import { readError } from './diskErrors.ts'

/** Keys and indices from the root of a document: `['augment', 1, 'p']`. */
export type JsonPath = readonly (string | number)[]

/** A parsed file that still knows where each value stands. */
export interface JsoncDocument {
  readonly file: string
  readonly text: string
  readonly value: unknown
  /** Line (from 1) of the value at `path`, or of its nearest ancestor that the file does have. */
  readonly locate: (path: JsonPath) => { readonly file: string; readonly line: number }
}

/** @throws UserError `not-found`, `cannot-read` or `broken-jsonc` with the line. */
export function readJsonc(file: string): JsoncDocument {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw readError(error, file)
  }
  return parseJsonc(text, file)
}

/**
 * Parses JSON with comments and trailing commas; `file` only names it in errors.
 * @throws UserError `broken-jsonc` with file and line.
 */
export function parseJsonc(source: string, file: string): JsoncDocument {
  const text = source.replace(/^\uFEFF/, '')
  const errors: ParseError[] = []
  const root = parseTree(text, errors, { allowTrailingComma: true })
  const first = errors.at(0)
  if (first !== undefined) throw brokenJsonc(text, file, first)
  if (root === undefined) throw new UserError('this file is empty', { file, line: 1, code: 'broken-jsonc' })
  refuseRepeatedKeys(root, text, file)
  return {
    file,
    text,
    value: getNodeValue(root) as unknown,
    locate: (path) => ({ file, line: lineAt(text, nearestNode(root, path).offset) }),
  }
}

const explanations: Readonly<Partial<Record<string, string>>> = {
  PropertyNameExpected: 'a property name in double quotes is expected here',
  ValueExpected: 'a value is expected here',
  ColonExpected: 'a colon is expected here',
  CommaExpected: 'a comma is missing before this',
  CloseBraceExpected: 'a closing brace "}" is missing',
  CloseBracketExpected: 'a closing bracket "]" is missing',
  InvalidSymbol: 'this is no JSON value: text belongs in double quotes',
  InvalidNumberFormat: 'this number is malformed',
  EndOfFileExpected: 'the document has ended before this',
  UnexpectedEndOfComment: 'a comment is not closed',
  UnexpectedEndOfString: 'a closing double quote is missing',
}

function brokenJsonc(text: string, file: string, { error, offset }: ParseError): UserError {
  const line = lineAt(text, offset)
  const code = printParseErrorCode(error)
  return new UserError(explanations[code] ?? `this is not valid JSON (${code})`, {
    file,
    line,
    value: text.split(/\r?\n/)[line - 1]?.trim().slice(0, 120),
    code: 'broken-jsonc',
    hint: 'Mend this line; comments and trailing commas are allowed.',
  })
}

/** JSON lets the later of two equal keys win silently: after a paste the first one would be lost. */
function refuseRepeatedKeys(node: Node, text: string, file: string): void {
  const seen = new Set<unknown>()
  for (const child of node.children ?? []) {
    if (node.type === 'object') {
      const key = child.children?.[0]
      if (seen.has(key?.value)) {
        throw new UserError(`the key ${JSON.stringify(key?.value)} stands twice in the same object`, {
          file,
          line: lineAt(text, child.offset),
          code: 'repeated-key',
          hint: 'Keep one of them.',
        })
      }
      seen.add(key?.value)
    }
    refuseRepeatedKeys(child, text, file)
  }
}

function nearestNode(root: Node, path: JsonPath): Node {
  for (let length = path.length; length > 0; length--) {
    const node = findNodeAtLocation(root, path.slice(0, length))
    // The property (key and value) starts where the person looks for it, even if the value is on a later line.
    if (node !== undefined) return node.parent?.type === 'property' ? node.parent : node
  }
  return root
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}
