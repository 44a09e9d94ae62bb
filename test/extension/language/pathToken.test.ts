import { describe, expect, it } from 'vitest'
import { pathTokensAt, textKind, type TextKind } from '../../../src/extension/language/pathToken.ts'

/** Tokens under the `|` of a line; each must stand where it says it does. */
function tokens(marked: string, kind: TextKind): readonly string[] {
  return found(marked, kind).map(({ text }) => text)
}

function found(marked: string, kind: TextKind) {
  return pathTokensAt(marked.replace('|', ''), marked.indexOf('|'), kind)
}

describe('how a document marks off paths', () => {
  it.each([
    ['jsonc', 'a.jsonc', 'json'],
    ['jsonl', 'a.jsonl', 'json'],
    ['python', 'a.py', 'python'],
    ['csv', 'a', 'csv'],
    ['csv (semicolon)', 'a', 'csv'],
    ['plaintext', 'folds.CSV', 'csv'],
    ['plaintext', 'train.txt', 'text'],
    ['yaml', 'a.yaml', 'text'],
  ])('%s, %s: %s', (languageId, fileName, kind) => {
    expect(textKind(languageId, fileName)).toBe(kind)
  })
})

describe('a path in JSON', () => {
  it('is the string around the cursor, escapes read', () => {
    expect(tokens('{ "image": "data\\/im|ages/a b.png", "mask": "m.png" }', 'json')).toEqual(['data/images/a b.png'])
    expect(tokens('["C:\\\\data\\\\|a.PNG"]', 'json')).toEqual(['C:\\data\\a.PNG'])
  })

  it('is marked without its quotes', () => {
    const [token] = found('{ "image": "a|.png" }', 'json')
    expect('{ "image": "a.png" }'.slice(token.start, token.end)).toBe('a.png')
  })

  it('may be a name without its ending', () => {
    expect(found('["scene03_00|12"]', 'json')).toMatchObject([{ text: 'scene03_0012', mayBeStem: true }])
  })

  it('is not outside of strings, and never an address', () => {
    expect(tokens('{ "a": 1,| "b": "c.png" }', 'json')).toEqual([])
    expect(tokens('["https://host/|a.png"]', 'json')).toEqual([])
  })
})

describe('a path in Python', () => {
  it.each([
    ["cv2.imread('images/|a.png')", 'images/a.png'],
    ['Image.open(r"data\\|a.bmp")', 'data\\a.bmp'],
    ['open("data\\\\|a.bmp")', 'data\\a.bmp'],
    ['x = "it\'s/|a.tif"', "it's/a.tif"],
    ['"""images/|a.webp"""', 'images/a.webp'],
  ])('%s', (line, path) => {
    expect(tokens(line, 'python')).toEqual([path])
  })

  it('is no name, as every string may be one', () => {
    expect(tokens("print('sce|ne')", 'python')).toEqual([])
    expect(tokens('scene|.png', 'python')).toEqual([])
  })
})

describe('a path in a table', () => {
  it.each([
    ['images/|a.png,masks/a.png,0', 'images/a.png'],
    ['images/a.png,masks/|a.png,0', 'masks/a.png'],
    ['0;masks/a.png|', 'masks/a.png'],
    ['0\t a b|.png \t1', 'a b.png'],
    ['"with, ""comma"|".png",1', 'with, "comma".png'],
    ['scene03_|0012,3', 'scene03_0012'],
  ])('%s', (line, path) => {
    expect(tokens(line, 'csv')).toEqual([path])
  })

  it('is marked without its spaces and quotes', () => {
    const line = '1, "a b.png" ,2'
    const [token] = pathTokensAt(line, 6, 'csv')
    expect(line.slice(token.start, token.end)).toBe('a b.png')
  })

  it('is not an empty cell', () => {
    expect(tokens('a.png,|,b.png', 'csv')).toEqual([])
  })
})

describe('a path in prose', () => {
  it.each([
    ['see images/|a.png.', ['images/a.png']],
    ['(images/|a.png)', ['images/a.png']],
    ['image=images/|a.png', ['images/a.png']],
    ['- path: "with space/|a.png"', ['with space/a.png', 'space/a.png']],
    ["don't look at |a.png, it isn't good", ['a.png']],
  ])('%s', (line, paths) => {
    expect(tokens(line, 'text')).toEqual(paths)
  })

  it('may be a name without its ending at the beginning of a line, as in lists of images', () => {
    expect(found('2007_|000032 1', 'text')).toMatchObject([{ text: '2007_000032', mayBeStem: true }])
    expect(tokens('2007_000032 |1', 'text')).toEqual([])
  })

  it('is no word of a sentence but the first', () => {
    expect(tokens('look at the sce|ne here', 'text')).toEqual([])
  })
})

it('a line as long as a file of data is read in no time', () => {
  const line = `"${'a,'.repeat(20_000)}`
  for (const kind of ['json', 'python', 'csv', 'text'] as const) expect(pathTokensAt(line, 30_000, kind)).toBeDefined()
})
