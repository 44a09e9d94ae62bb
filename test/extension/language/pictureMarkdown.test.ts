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

describe('the hover over a path', () => {
  it('shows the picture with its name and size', () => {
    expect(pictureMarkdown('a.png', plain, 'en')).toBe(
      '![a.png](data:image/jpeg;base64,AAAA)\n\n**a.png** — 480 × 360 pixels',
    )
  })

  it('lists the classes of the mask, the largest first, absent ones not at all', () => {
    const rows = pictureMarkdown('a.png', { ...plain, classes, ignored: 475 }, 'en')
      .split('\n')
      .filter((line) => line.startsWith('|'))
    expect(rows).toEqual([
      '| | Class | Pixels | Share |',
      '|---|---|--:|--:|',
      '| <span style="background-color:#e69f00;">&nbsp;&nbsp;&nbsp;&nbsp;</span> | road | 1,500 | 75% |',
      '| <span style="background-color:#56b4e9;">&nbsp;&nbsp;&nbsp;&nbsp;</span> | sky | 25 | 1.3% |',
      '|  | *ignored* | 475 | 23.8% |',
    ])
  })

  it('sums up what does not fit', () => {
    const many = Array.from({ length: 30 }, (_, index) => ({ name: `c${index}`, color: '#000000', pixels: 30 - index }))
    const text = pictureMarkdown('a.png', { ...plain, classes: many }, 'en')
    expect(text).toContain('14 more classes')
    expect(text).toContain('| c0 |')
    expect(text).not.toContain('| c29 |')
  })

  it('takes names and notes literally', () => {
    const odd = {
      ...plain,
      classes: [{ name: 'a|b <img src=x> *c*', color: 'red;', pixels: 1 }],
      note: '[x](command:y)',
    }
    const text = pictureMarkdown('a_b.png', odd, 'en')
    expect(text).toContain('a\\|b &lt;img src=x> \\*c\\*')
    expect(text).toContain('\\[x\\]\\(command:y\\)')
    expect(text).not.toContain('red')
  })

  it('leaves out a picture that VS Code would cut', () => {
    const text = pictureMarkdown('a.png', { ...plain, image: 'A'.repeat(95_000) }, 'en')
    expect(text).toBe('**a.png** — 480 × 360 pixels')
  })
})
