import type { Locator, Page } from 'playwright-core'
import { waitFor, waitUntil } from './waiting.ts'

const box = (page: Page): Locator => page.locator('.quick-input-widget:visible .quick-input-box input')
const rows = (page: Page): Locator => page.locator('.quick-input-widget:visible .quick-input-list .monaco-list-row')

export interface QuickItem {
  readonly label: string
  readonly description: string
}

/** What the open quick pick offers, in its order; empty for an input box or where none is open. */
export async function quickItems(page: Page): Promise<QuickItem[]> {
  return rows(page).evaluateAll((elements) =>
    elements.map((row) => ({
      label: row.querySelector('.label-name')?.textContent.trim() ?? '',
      description: row.querySelector('.label-description')?.textContent.trim() ?? '',
    })),
  )
}

/** Position of the item with this label; case does not matter, as in the palette. */
async function find(page: Page, label: string): Promise<number | undefined> {
  const wanted = label.trim().toLowerCase()
  const at = (await quickItems(page)).findIndex((item) => item.label.toLowerCase() === wanted)
  return at < 0 ? undefined : at
}

async function offered(page: Page): Promise<string> {
  const labels = (await quickItems(page)).slice(0, 8).map(({ label }) => label)
  return labels.length === 0 ? 'nothing' : labels.join(' | ')
}

/**
 * Runs a command by its title in the palette, `Category: Title`. Tries again: the key is swallowed while the workbench
 * is busy, and commands of a new extension come late.
 */
export async function runCommand(page: Page, title: string, timeout = 30_000): Promise<void> {
  let last = 'nothing'
  await waitUntil(
    () => `command "${title}" in the palette; it offers: ${last}`,
    async () => {
      await openPalette(page)
      await box(page).fill(`>${title}`)
      try {
        const at = await waitFor(title, () => find(page, title), { timeout: 1500 })
        await rows(page).nth(at).click({ timeout: 2000 })
        return true
      } catch {
        last = await offered(page)
        await page.keyboard.press('Escape')
        return false
      }
    },
    { timeout },
  )
}

async function openPalette(page: Page): Promise<void> {
  await waitUntil('the palette', async () => {
    await page.keyboard.press('Escape')
    await page.keyboard.press('F1')
    try {
      await box(page).waitFor({ timeout: 1500 })
      return true
    } catch {
      // A webview may have the keyboard: take it away.
      await page.locator('.part.statusbar').click({ position: { x: 2, y: 2 }, force: true })
      return false
    }
  })
}

/** Chooses the item with this label in the quick pick that is open or about to open. */
export async function pick(page: Page, label: string, timeout = 10_000): Promise<void> {
  await box(page).waitFor({ timeout })
  await box(page).fill(label)
  let last = 'nothing'
  const at = await waitFor(
    () => `item "${label}" in the quick pick; it offers: ${last}`,
    async () => {
      last = await offered(page)
      return find(page, label)
    },
    { timeout },
  )
  await rows(page).nth(at).click()
}

/** Types into the input box that is open or about to open and accepts. */
export async function input(page: Page, text: string, timeout = 10_000): Promise<void> {
  await box(page).waitFor({ timeout })
  await box(page).fill(text)
  await page.keyboard.press('Enter')
}

/** Opens a file by its absolute path and waits for its tab. */
export async function openFile(page: Page, path: string): Promise<void> {
  await openPalette(page)
  await box(page).fill(path)
  const name = path.slice(path.lastIndexOf('/') + 1)
  await pickFirst(page, name)
  await page.locator('.tab.active', { hasText: name }).waitFor()
}

async function pickFirst(page: Page, name: string): Promise<void> {
  const at = await waitFor(`"${name}" in quick open`, () => find(page, name))
  await rows(page).nth(at).click()
}
