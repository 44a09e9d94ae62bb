import type { Page } from 'playwright-core'
import { until } from '../hostKit/until.ts'

/** CSS pixels in the window. */
interface Point {
  readonly x: number
  readonly y: number
}

const hovers = '.monaco-hover:visible'

/** What the editor in front shows, line by line from the top; lines outside of the window are not there. */
export function shownText(page: Page): Promise<string> {
  return page.evaluate(() =>
    [...document.querySelectorAll('.editor-group-container.active .editor-instance .view-line')]
      .map((line) => ({ top: line.getBoundingClientRect().top, text: line.textContent.replaceAll('\u00a0', ' ') }))
      .sort((a, b) => a.top - b.top)
      .map(({ text }) => text)
      .join('\n'),
  )
}

/**
 * Left edge and middle of a character of the editor in front.
 * @param text in one line, the first that has it  @param index of the character in `text`
 */
function characterAt(page: Page, text: string, index: number): Promise<{ left: Point; middle: Point }> {
  return until(`"${text}" in the editor`, () =>
    page.evaluate(
      ({ text, index }) => {
        for (const line of document.querySelectorAll('.editor-group-container.active .editor-instance .view-line')) {
          const start = line.textContent.replaceAll('\u00a0', ' ').indexOf(text)
          if (start < 0) continue
          const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT)
          let rest = start + index
          let node = walker.nextNode()
          for (; node !== null && rest >= node.textContent!.length; node = walker.nextNode())
            rest -= node.textContent!.length
          if (node === null) return undefined
          const range = document.createRange()
          range.setStart(node, rest)
          range.setEnd(node, rest + 1)
          const { x, y, width, height } = range.getBoundingClientRect()
          return { left: { x: x + 1, y: y + height / 2 }, middle: { x: x + width / 2, y: y + height / 2 } }
        }
        return undefined
      },
      { text, index },
    ),
  )
}

/** Puts the caret before a character of a text. */
export async function clickBefore(page: Page, text: string, index = 0): Promise<void> {
  const { left } = await characterAt(page, text, index)
  await page.mouse.click(left.x, left.y)
}

/** The texts under error and warning lines. */
export function markedTexts(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const editor = document.querySelector('.editor-group-container.active .editor-instance')
    const lines = [...(editor?.querySelectorAll('.view-line') ?? [])]
    const isWithin = (value: number, low: number, length: number): boolean => low <= value && value < low + length
    return [...(editor?.querySelectorAll('.squiggly-error, .squiggly-warning') ?? [])].map((mark) => {
      const { x, y, width, height } = mark.getBoundingClientRect()
      const line = lines.find((each) => {
        const box = each.getBoundingClientRect()
        return isWithin(y + height / 2, box.y, box.height)
      })
      const walker = document.createTreeWalker(line ?? mark, NodeFilter.SHOW_TEXT)
      let text = ''
      for (let node = walker.nextNode(); node !== null; node = walker.nextNode())
        for (let index = 0; index < node.textContent!.length; index++) {
          const range = document.createRange()
          range.setStart(node, index)
          range.setEnd(node, index + 1)
          const box = range.getBoundingClientRect()
          if (isWithin(box.x + box.width / 2, x, width)) text += range.toString()
        }
      return text.replaceAll('\u00a0', ' ')
    })
  })
}

/** Waits until exactly these texts are marked, in any order. */
export async function untilMarked(page: Page, ...texts: readonly string[]): Promise<void> {
  let marked: readonly string[] = []
  await until(
    () => `marks under ${texts.join(' | ') || 'nothing'}; they are under ${marked.join(' | ')}`,
    async () => {
      marked = await markedTexts(page)
      return marked.toSorted().join('\n') === texts.toSorted().join('\n')
    },
  )
}

/** Rests with the mouse where `place` says until a hover there has the words, and gives its text. */
export async function hover(page: Page, place: () => Promise<Point>, words: RegExp): Promise<string> {
  let seen = ''
  return until(
    () => `a hover like ${words.source}; it says: ${seen}`,
    async () => {
      await leaveHover(page)
      // Asked anew each time: a lens that comes late moves everything below it.
      const { x, y } = await place()
      await page.mouse.move(x, y, { steps: 3 })
      return until(
        'it',
        async () => {
          seen = (await page.locator(hovers).allInnerTexts()).join('\n')
          return words.test(seen) && seen
        },
        5,
      )
    },
  )
}

/** Hovers over the middle of a text of the editor in front. */
export function hoverText(page: Page, text: string, words: RegExp): Promise<string> {
  const middle = Math.floor(text.length / 2)
  return hover(page, async () => (await characterAt(page, text, middle)).middle, words)
}

/** Moves the mouse away, to the status bar, and waits for the hover to go: the next one may say the same. */
export async function leaveHover(page: Page): Promise<void> {
  const { height } = page.viewportSize()!
  await page.mouse.move(300, height - 10)
  await until('no hover', async () => (await page.locator(hovers).count()) === 0)
}

/** Widths in pixels of the pictures in the hover, once all of them are loaded and it is not faint any more. */
export function hoverPictures(page: Page): Promise<readonly number[]> {
  return until('pictures in the hover', async () => {
    const pictures = await page.locator(`${hovers} img`).evaluateAll((images) =>
      images.map((image) => ({
        width: (image as HTMLImageElement).naturalWidth,
        isClear: document.getAnimations().every((animation) => animation.playState !== 'running'),
      })),
    )
    const isThere = pictures.length > 0 && pictures.every(({ width, isClear }) => width > 0 && isClear)
    return isThere && pictures.map(({ width }) => width)
  })
}

/** Labels of the completion list, asked for at the caret. */
export async function suggestions(page: Page): Promise<readonly string[]> {
  const labels = page.locator('.suggest-widget.visible .monaco-list-row .label-name')
  return until('completions', async () => {
    await page.keyboard.press('Escape')
    await page.keyboard.press('Control+Space')
    return until(
      'them',
      async () => {
        const shown = await labels.allInnerTexts()
        return shown.length > 0 && shown
      },
      3,
    )
  })
}

export async function acceptSuggestion(page: Page, label: string): Promise<void> {
  await page.locator('.suggest-widget.visible .monaco-list-row', { hasText: label }).first().click()
}

/** Chooses a quick fix for what is under the caret. */
export async function quickFix(page: Page, title: string): Promise<void> {
  const fix = page.locator('.action-widget .monaco-list-row', { hasText: title }).first()
  await until(`the fix ${title}`, async () => {
    await page.keyboard.press('Escape')
    await page.keyboard.press('Control+.')
    return until('it', () => fix.isVisible(), 3)
  })
  await fix.click()
}
