import type { Locator, Page } from 'playwright-core'
import { until } from './until.ts'

const widget = '.quick-input-widget:visible'
// The box of an input, and of a picker that filters.
const box = (page: Page): Locator => page.locator(`${widget} .quick-input-box input`).first()
const rows = (page: Page): Locator => page.locator(`${widget} .quick-input-list .monaco-list-row`)
/** Labels of the items, one each: under another display language a command has its English title as a second line. */
const labels = (page: Page): Promise<readonly string[]> =>
  rows(page).evaluateAll((items) => items.map((item) => item.querySelector('.label-name')?.textContent.trim() ?? ''))

/** Text in the box; undefined where none is open. Does not wait for one, as a locator's inputValue would. */
const typed = async (page: Page): Promise<string | undefined> =>
  (await box(page).evaluateAll((boxes) => boxes.map((each) => (each as HTMLInputElement).value)))[0]

/** Opens the palette. The key is swallowed while the workbench is busy, or where a webview has the keyboard. */
async function openPalette(page: Page): Promise<void> {
  await until('the palette', async () => {
    await page.keyboard.press('Escape')
    await page.keyboard.press('F1')
    try {
      // Another picker may still be closing: the palette begins with its sign.
      return await until('the palette', async () => (await typed(page)) === '>', 1.5)
    } catch {
      await page.locator('.part.statusbar').click({ position: { x: 2, y: 2 }, force: true })
      return false
    }
  })
}

/** Runs a command by its title in the palette; looks again and again, as commands of a new extension come late. */
export async function runCommand(page: Page, title: string): Promise<void> {
  let offers: readonly string[] = []
  await until(
    () => `command "${title}"; the palette offers: ${offers.slice(0, 8).join(' | ')}`,
    async () => {
      await openPalette(page)
      await box(page).fill(`>${title}`, { timeout: 2000 })
      const { index } = await until(
        title,
        async () => {
          offers = await labels(page)
          const found = offers.indexOf(title)
          return found < 0 ? undefined : { index: found }
        },
        1.5,
      )
      await rows(page).nth(index).click({ timeout: 2000 })
      return true
    },
    40,
  )
  // A picker of the command would come up in the same box: what is in it now is still the palette's.
  await until('the palette to close', async () => (await typed(page))?.startsWith('>') !== true)
}

/** Titles that the palette offers for a text. */
export async function paletteOffers(page: Page, search: string): Promise<readonly string[]> {
  await openPalette(page)
  await box(page).fill(`>${search}`)
  // Nothing tells when the list has settled: twice the same.
  let before = ''
  const offers = await until('the palette to settle', async () => {
    await page.waitForTimeout(150)
    const now = await labels(page)
    const isSettled = now.join('\n') === before
    before = now.join('\n')
    return isSettled && now
  })
  await page.keyboard.press('Escape')
  return offers
}

/** Labels of the open picker, once it shows any. */
export function pickerItems(page: Page): Promise<readonly string[]> {
  return until('a picker', async () => {
    const shown = await labels(page)
    return shown.length > 0 && shown
  })
}

/** Chooses an item of the picker that is open or about to open. @param label its text, or the start of it */
export async function pick(page: Page, label: string): Promise<void> {
  let offers: readonly string[] = []
  const { index } = await until(
    () => `"${label}" in the picker; it offers: ${offers.slice(0, 12).join(' | ')}`,
    async () => {
      offers = await labels(page)
      const exact = offers.indexOf(label)
      const found = exact < 0 ? offers.findIndex((each) => each.startsWith(label)) : exact
      return found < 0 ? undefined : { index: found }
    },
  )
  await rows(page).nth(index).click()
  await settle(page)
}

/** Types into the input box that is open or about to open, and accepts. */
export async function type(page: Page, value: string): Promise<void> {
  await box(page).waitFor({ timeout: 10_000 })
  await box(page).fill(value)
  await page.keyboard.press('Enter')
  await settle(page)
}

/** A next step of the same question takes a moment to replace the one just answered. */
async function settle(page: Page): Promise<void> {
  await page.waitForTimeout(200)
}

/** Opens a file of the workspace by its path and waits for its tab. */
export async function openFile(page: Page, path: string): Promise<void> {
  const name = path.slice(path.lastIndexOf('/') + 1)
  await openPalette(page)
  await box(page).fill(path)
  await until(`file ${path}`, async () => (await labels(page))[0]?.startsWith(name))
  await page.keyboard.press('Enter')
  await page.locator(`.tab[data-resource-name="${name}"]`).waitFor({ timeout: 15_000 })
}
