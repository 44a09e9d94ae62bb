import { describe, expect, it, vi } from 'vitest'
import { pictureMarkdown } from '../../../src/extension/language/pictureMarkdown.ts'
import type { AnswerOf } from '../../../src/protocol/questions.ts'

vi.mock('vscode', () => import('../vscodeTexts.ts'))

const plain: AnswerOf<'picture'> = {
  id: 1,
  type: 'picture',
  mimeType: 'image/jpeg',
  image: 'AAAA',
  width: 480,
  height: 360,
  classes: [],
}

const classes = [
  { name: 'sky', color: '#56b4e9', pixels: 25 },
  { name: 'road', color: '#e69f00', pixels: 1500 },
  { name: 'car', color: '#d55e00', pixels: 0 },
]

/** Cells of the table of classes, row by row. */
function rows(text: string): readonly (readonly string[])[] {
  const table = /<td>(<table>.*<\/table>)<\/td>/.exec(text)?.[1] ?? ''
  return Array.from(table.matchAll(/<tr>(.*?)<\/tr>/g), ([, row]) =>
    Array.from(row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/g), ([, cell]) => cell),
  )
}

const swatch = (color: string): string => `<span style="background-color:${color};">&nbsp;&nbsp;&nbsp;&nbsp;</span>`

describe('the hover over a path', () => {
  it('shows the picture with its name and size', () => {
    expect(pictureMarkdown('a.png', plain, 'en')).toBe(
      '<b>a.png</b> — 480 × 360 pixels\n\n<table><tr><td><img src="data:image/jpeg;base64,AAAA" alt="a.png" height="190"></td></tr></table>',
    )
  })

  it.each([
    [480, 360, 190],
    [1000, 250, 80],
    [100, 120, 120],
    [3000, 4000, 190],
  ])('shows one of %i × %i %i pixels high, so that nothing is scrolled or enlarged', (width, height, shown) => {
    expect(pictureMarkdown('a.png', { ...plain, width, height }, 'en')).toContain(`height="${shown}"`)
  })

  it('lists the classes of the mask beside it, the largest first, absent ones not at all', () => {
    expect(rows(pictureMarkdown('a.png', { ...plain, classes, ignored: 475 }, 'en'))).toEqual([
      ['', 'Class', 'Pixels', 'Share'],
      [swatch('#e69f00'), 'road', '1,500', '75%'],
      [swatch('#56b4e9'), 'sky', '25', '1.3%'],
      ['', '<i>ignored</i>', '475', '23.8%'],
    ])
  })

  it('sums up what does not fit', () => {
    const many = Array.from({ length: 30 }, (_, index) => ({ name: `c${index}`, color: '#000000', pixels: 30 - index }))
    const names = rows(pictureMarkdown('a.png', { ...plain, classes: many }, 'en')).map(([, name]) => name)
    expect(names).toHaveLength(18)
    expect(names[1]).toBe('c0')
    expect(names.at(-1)).toBe('14 more classes')
  })

  it('takes names and notes literally', () => {
    const odd = {
      ...plain,
      classes: [{ name: 'a|b <img src=x>', color: 'red;', pixels: 1 }],
      note: '[x](command:y) <b>',
    }
    const text = pictureMarkdown('a"_b.png', odd, 'en')
    expect(rows(text)[1].slice(0, 2)).toEqual(['', 'a&#124;b &#60;img src=x&#62;'])
    expect(text).toContain('alt="a&#34;&#95;b.png"')
    expect(text).not.toContain('](')
    expect(text.endsWith('&#60;b&#62;')).toBe(true)
  })

  it('leaves out a picture that VS Code would cut', () => {
    const text = pictureMarkdown('a.png', { ...plain, image: 'A'.repeat(95_000) }, 'en')
    expect(text).toBe('<b>a.png</b> — 480 × 360 pixels')
  })

  it('is short enough for VS Code whatever the mask holds', () => {
    const many = Array.from({ length: 300 }, () => ({ name: '|'.repeat(80), color: '#000000', pixels: 1 }))
    const text = pictureMarkdown(
      'a.png',
      { ...plain, image: 'A'.repeat(79_999), classes: many, note: '|'.repeat(2000) },
      'en',
    )
    expect(text.length).toBeLessThan(100_000)
  })
})
