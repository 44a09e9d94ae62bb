import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseJsonc, readJsonc } from '../../src/runs/jsonc.ts'
import { formatJsonc } from '../../src/runs/jsoncFormat.ts'
import { temporaryFolder } from './folders.ts'

const text = `// a comment
{
  "extends": "baseline", /* why */
  "augment": [
    { "name": "HorizontalFlip" },
    {
      "name": "CoarseDropout",
      "p":
        1.0,
    },
  ],
}
`

describe('a file of JSON with comments', () => {
  it('is read with comments, trailing commas, and a byte order mark', () => {
    const value = { extends: 'baseline', augment: [{ name: 'HorizontalFlip' }, { name: 'CoarseDropout', p: 1 }] }
    expect(parseJsonc(text, 'x.jsonc').value).toEqual(value)
    expect(parseJsonc(`\uFEFF${text}`, 'x.jsonc').value).toEqual(value)
  })

  it.each([
    [['extends'], 3],
    [['augment'], 4],
    [['augment', 0], 5],
    [['augment', 1, 'name'], 7],
    [['augment', 1, 'p'], 8],
    [['augment', 1, 'absent'], 6],
    [['augment', 7, 'p'], 4],
    [['optimizer', 'lr'], 2],
    [[], 2],
  ])('knows that %j, or what is nearest to it, stands on line %i', (path, line) => {
    expect(parseJsonc(text, 'x.jsonc').locate(path)).toEqual({ file: 'x.jsonc', line })
    expect(parseJsonc(text.replaceAll('\n', '\r\n'), 'x.jsonc').locate(path).line).toBe(line)
  })

  it.each([
    ['{\n  "a": 1\n  "b": 2\n}', 3, 'comma', '"b": 2'],
    ['{\n  a: 1\n}', 2, 'double quotes', 'a: 1'],
    ['{\n  "a": \n}', 3, 'value', '}'],
    ['{\n  "a": "text\n}', 2, 'quote', '"a": "text'],
    ['{\n  "a": [1, 2\n', 3, 'bracket', ''],
    ['{}\n{}', 2, 'ended', '{}'],
    ['<<<<<<< HEAD\n{}', 1, '', '<<<<<<< HEAD'],
    ['', 1, '', undefined],
    ['// nothing\n', 2, '', ''],
    ['{\n  "lr": 1,\n  "x": { "lr": 2 },\n  "lr": 3\n}', 4, '"lr" stands twice', undefined],
  ])('broken as %j is refused with its line', (broken, line, message, value) => {
    expect(() => parseJsonc(broken, 'x.jsonc')).toThrow(
      expect.objectContaining({
        name: 'UserError',
        message: expect.stringContaining(message) as unknown,
        details: expect.objectContaining({
          file: 'x.jsonc',
          line,
          ...(value === undefined ? {} : { value }),
        }) as unknown,
      }) as Error,
    )
  })

  it('that is absent is named', () => {
    const file = join(temporaryFolder(), 'absent.jsonc')
    expect(() => readJsonc(file)).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ file, code: 'not-found' }) as unknown }) as Error,
    )
  })

  it('gains no prototype from a key called __proto__', () => {
    const { value } = parseJsonc('{ "__proto__": { "polluted": true } }', 'x.jsonc')
    expect((value as { polluted?: unknown }).polluted).toBeUndefined()
  })
})

describe('a new file of JSON with comments', () => {
  it('keeps short things on a line and puts comments above their keys', () => {
    const value = {
      extends: 'baseline',
      notes: undefined,
      augment: [
        { name: 'HorizontalFlip', p: 0.5 },
        { name: 'CoarseDropout', max_holes: 8, max_height: 20, max_width: 20, p: 1 },
      ],
      split: { method: 'KFold', n_splits: 5 },
    }
    const comments = {
      '': 'What differs from the baseline.\nThe rest comes from there.',
      augment: 'In this order.',
      'split.n_splits': 'Folds.',
    }
    expect(formatJsonc(value, comments)).toBe(`// What differs from the baseline.
// The rest comes from there.
{
  "extends": "baseline",
  // In this order.
  "augment": [
    { "name": "HorizontalFlip", "p": 0.5 },
    { "name": "CoarseDropout", "max_holes": 8, "max_height": 20, "max_width": 20, "p": 1 }
  ],
  "split": {
    "method": "KFold",
    // Folds.
    "n_splits": 5
  }
}
`)
  })

  it('says the same as the value it was made of', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const plain: unknown = JSON.parse(JSON.stringify(value))
        const read = parseJsonc(formatJsonc(plain, { '': 'all of it' }), 'x.jsonc').value
        expect(JSON.stringify(read)).toBe(JSON.stringify(plain))
      }),
    )
  })

  it('is read back from disk', () => {
    const file = join(temporaryFolder(), 'new.jsonc')
    writeFileSync(file, formatJsonc({ a: [1, 'two', null] }, { a: 'three' }))
    expect(readJsonc(file)).toMatchObject({ value: { a: [1, 'two', null] } })
  })
})
