/** A value as it was written, of Python or of a serialized pipeline. */
export type ImportedValue =
  | number
  | string
  | boolean
  | null
  | readonly ImportedValue[]
  | { readonly [key: string]: ImportedValue }
  | ImportedCall
  | Unreadable

/** A transform with its arguments. */
export class ImportedCall {
  /** Without its module: `A.HorizontalFlip` is HorizontalFlip. */
  readonly name: string
  readonly positional: readonly ImportedValue[]
  readonly keywords: ReadonlyMap<string, ImportedValue>
  /** From 1. */
  readonly line: number

  constructor(
    name: string,
    positional: readonly ImportedValue[],
    keywords: ReadonlyMap<string, ImportedValue>,
    line: number,
  ) {
    this.name = name
    this.positional = positional
    this.keywords = keywords
    this.line = line
  }
}

/** What only a running Python would know: a variable, a calculation with one, a function. */
export class Unreadable {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** A whole pipeline. */
export interface ImportedPipeline {
  readonly transforms: readonly ImportedCall[]
  /** Of Albumentations, e.g. 1.3.1, where the file says it. */
  readonly version: string | undefined
}
