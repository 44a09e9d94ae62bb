import { UserError } from '../../core/errors.ts'
import { ImportedCall, Unreadable, type ImportedPipeline, type ImportedValue } from './call.ts'
import { pythonTokens, type Token } from './pythonTokens.ts'

/**
 * The first `Compose([...])` of a Python text. Calls and literals are read, nothing is evaluated: what needs a running Python
 * becomes `Unreadable`.
 * @throws UserError `no-compose` where there is none, `broken-python` with the line
 */
export function readPython(text: string): ImportedPipeline {
  const tokens = pythonTokens(text)
  const start = tokens.findIndex(({ text: name }, index) => name === 'Compose' && tokens[index + 1]?.text === '(')
  if (start < 0)
    throw new UserError('There is no Compose([...]) in this text.', {
      hint: 'Paste the whole call, from A.Compose([ to its last parenthesis.',
      code: 'no-compose',
    })
  const compose = new Reader(tokens, start).value()
  if (!(compose instanceof ImportedCall)) throw new Error('Compose is a call')
  const list = compose.keywords.get('transforms') ?? compose.positional[0] ?? []
  if (!Array.isArray(list))
    throw new UserError('Compose does not begin with a list of transforms.', {
      line: compose.line,
      hint: 'Write the list inside the call: A.Compose([A.HorizontalFlip(), …]).',
      code: 'no-compose',
    })
  const transforms = (list as readonly ImportedValue[]).map((one) => callOf(one, compose.line))
  return { transforms, version: undefined }
}

/** What stands in a list of transforms; a variable counts as a transform of its name, which nobody knows. */
export function callOf(value: ImportedValue, line: number): ImportedCall {
  if (value instanceof ImportedCall) return value
  const name = value instanceof Unreadable ? value.text : JSON.stringify(value)
  return new ImportedCall(name, [], new Map(), line)
}

const words: Readonly<Partial<Record<string, boolean | null>>> = { True: true, False: false, None: null }

class Reader {
  readonly #tokens: readonly Token[]
  #at: number

  constructor(tokens: readonly Token[], start: number) {
    this.#tokens = tokens
    this.#at = start
  }

  /** A value up to the comma or bracket behind it; a calculation with numbers alone is carried out. */
  value(): ImportedValue {
    const first = this.#at
    let result = this.#factor()
    while (['*', '/', '//', '**', '+', '-', '%'].includes(this.#now.text) && this.#now.kind === 'mark') {
      const operator = this.#next().text
      const right = this.#factor()
      const isProduct =
        (operator === '*' || operator === '/') && typeof result === 'number' && typeof right === 'number'
      result = isProduct ? product(operator, result as number, right) : this.#unreadable(first)
    }
    // What is left is no literal: an attribute of a call, a comparison, a condition …
    if (!this.#isAtEndOfValue) {
      this.#skipValue()
      return this.#unreadable(first)
    }
    return result
  }

  get #now(): Token {
    return this.#tokens[this.#at]
  }

  get #isAtEndOfValue(): boolean {
    const { kind, text } = this.#now
    return kind === 'end' || (kind === 'mark' && [',', ')', ']', '}', ':'].includes(text)) || this.#hasFinishedCall
  }

  /** Behind the outermost call anything may follow. */
  get #hasFinishedCall(): boolean {
    return this.#depth === 0
  }

  #depth = 0

  #next(): Token {
    return this.#tokens[this.#at++]
  }

  #unreadable(first: number): Unreadable {
    return new Unreadable(
      this.#tokens
        .slice(first, this.#at)
        .map(({ text }) => text)
        .join(''),
    )
  }

  #factor(): ImportedValue {
    const first = this.#at
    const token = this.#next()
    switch (token.kind) {
      case 'number':
        return Number(token.text.replaceAll('_', ''))
      case 'string':
        return token.text
      case 'name':
        return this.#named(token, first)
      case 'mark':
        if (token.text === '-') {
          const value = this.#factor()
          return typeof value === 'number' ? -value : this.#unreadable(first)
        }
        if (token.text === '[') return this.#items(']').positional
        if (token.text === '(') return this.#parenthesis()
        if (token.text === '{') return this.#dictionary()
        throw broken(token)
      case 'end':
        throw broken(token)
    }
  }

  #named(token: Token, first: number): ImportedValue {
    let name = token.text
    while (this.#now.text === '.' && this.#now.kind === 'mark') {
      this.#at++
      name = this.#next().text
    }
    if (this.#now.text === '(' && this.#now.kind === 'mark') {
      this.#at++
      const { positional, keywords } = this.#items(')')
      return new ImportedCall(name, positional, keywords, token.line)
    }
    return name in words ? words[name]! : this.#unreadable(first)
  }

  /** A tuple, or a value in parentheses. */
  #parenthesis(): ImportedValue {
    const { positional, hasComma } = this.#items(')')
    return positional.length === 1 && !hasComma ? positional[0] : positional
  }

  #items(closing: string): {
    positional: ImportedValue[]
    keywords: Map<string, ImportedValue>
    hasComma: boolean
  } {
    const positional: ImportedValue[] = []
    const keywords = new Map<string, ImportedValue>()
    let hasComma = false
    this.#depth++
    while (this.#now.text !== closing || this.#now.kind !== 'mark') {
      const [token, after] = [this.#now, this.#tokens[this.#at + 1]]
      if (token.kind === 'end') throw broken(token)
      if (token.kind === 'name' && after.kind === 'mark' && after.text === '=') {
        this.#at += 2
        keywords.set(token.text, this.value())
      } else if (token.text === '*' || token.text === '**') {
        this.#at++
        positional.push(new Unreadable(`${token.text}${textOf(this.value())}`))
      } else positional.push(this.value())
      if (this.#now.text === ',') {
        hasComma = true
        this.#at++
      } else if (this.#now.text !== closing) throw broken(this.#now)
    }
    this.#at++
    this.#depth--
    return { positional, keywords, hasComma }
  }

  #dictionary(): ImportedValue {
    const entries: [string, ImportedValue][] = []
    this.#depth++
    while (this.#now.text !== '}' || this.#now.kind !== 'mark') {
      const key = this.value()
      if (this.#next().text !== ':') throw broken(this.#tokens[this.#at - 1])
      entries.push([textOf(key), this.value()])
      if (this.#now.text === ',') this.#at++
      else if (this.#now.text !== '}') throw broken(this.#now)
    }
    this.#at++
    this.#depth--
    return Object.fromEntries(entries)
  }

  /** To the comma or bracket that ends the value. */
  #skipValue(): void {
    for (let open = 0; this.#now.kind !== 'end'; this.#at++) {
      const { kind, text } = this.#now
      if (kind !== 'mark') continue
      if (open === 0 && [',', ')', ']', '}'].includes(text)) return
      if ('([{'.includes(text)) open++
      else if (')]}'.includes(text)) open--
    }
  }
}

function product(operator: string, left: number, right: number): number {
  return operator === '*' ? left * right : left / right
}

function textOf(value: ImportedValue): string {
  if (value instanceof Unreadable) return value.text
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function broken({ kind, text, line }: Token): UserError {
  return new UserError(kind === 'end' ? 'the text ends inside a bracket' : `"${text}" is not expected here`, {
    line,
    code: 'broken-python',
    hint: 'Paste the whole A.Compose([...]) as Python would read it.',
  })
}
