import type { Page } from 'playwright-core'

export interface TreeRow {
  readonly label: string
  readonly description: string
  readonly level: number
  /** Undefined for a row without children. */
  readonly isExpanded: boolean | undefined
  /** What a screen reader says. */
  readonly aria: string
}

/** Rows now shown in a view of the sidebar. @param title of the view, or the start of it */
export function treeRows(page: Page, title: string): Promise<readonly TreeRow[]> {
  return page.evaluate((wanted) => {
    const pane = [...document.querySelectorAll('.pane')].find((each) => {
      const header = each.querySelector('.pane-header')
      const name = header?.querySelector('h3.title, .title')?.textContent.trim() ?? header?.getAttribute('aria-label')
      return name?.toLowerCase().startsWith(wanted.toLowerCase())
    })
    return [...(pane?.querySelectorAll('.monaco-list-row') ?? [])].map((row) => ({
      label: row.querySelector('.label-name')?.textContent ?? row.textContent.trim(),
      description: row.querySelector('.label-description')?.textContent ?? '',
      level: Number(row.getAttribute('aria-level') ?? 1),
      isExpanded: row.hasAttribute('aria-expanded') ? row.getAttribute('aria-expanded') === 'true' : undefined,
      aria: row.getAttribute('aria-label') ?? '',
    }))
  }, title)
}

/** Texts of the status bar's items. */
export function statusBar(page: Page): Promise<readonly string[]> {
  return page.locator('.part.statusbar .statusbar-item').allTextContents()
}

export interface Dialog {
  readonly message: string
  readonly buttons: readonly string[]
}

/** The modal dialog, where one is open. */
export async function dialog(page: Page): Promise<Dialog | undefined> {
  const [open] = await page.locator('.monaco-dialog-box').evaluateAll((boxes) =>
    boxes.map((each) => ({
      message: each.querySelector('.dialog-message-container')?.textContent.trim() ?? '',
      buttons: [...each.querySelectorAll('.dialog-buttons .monaco-button')].map((button) => button.textContent.trim()),
    })),
  )
  return open
}

/** Presses a button of the modal dialog that is open or about to open. */
export async function answerDialog(page: Page, button: string): Promise<void> {
  await page.locator('.monaco-dialog-box .monaco-button').getByText(button, { exact: true }).click()
}
