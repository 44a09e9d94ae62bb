import type { Page } from 'playwright-core'

export interface TreeItem {
  readonly label: string
  readonly description: string
  /** 1 for the roots. */
  readonly level: number
  /** Absent for an item without children. */
  readonly expanded: boolean | undefined
  /** What a screen reader says. */
  readonly aria: string
}

/** Rows that a tree view shows; of all views of extensions where no title is given. */
export async function treeItems(page: Page, view?: string): Promise<TreeItem[]> {
  return page.evaluate((title) => {
    const isWanted = (pane: Element): boolean => {
      if (title === undefined) return pane.querySelector('.customview-tree') !== null
      const header = pane.querySelector('.pane-header')
      const name = header?.querySelector('.title')?.textContent.trim() ?? header?.getAttribute('aria-label') ?? ''
      return name.toLowerCase().startsWith(title.toLowerCase())
    }
    const panes = [...document.querySelectorAll('.pane')].filter(isWanted)
    return panes
      .flatMap((pane) => [...pane.querySelectorAll('.monaco-list-row')])
      .map((row) => ({
        label: row.querySelector('.label-name')?.textContent ?? row.textContent.trim(),
        description: row.querySelector('.label-description')?.textContent ?? '',
        level: Number(row.getAttribute('aria-level') ?? 1),
        expanded: row.hasAttribute('aria-expanded') ? row.getAttribute('aria-expanded') === 'true' : undefined,
        aria: row.getAttribute('aria-label') ?? '',
      }))
  }, view)
}

export interface StatusBarItem {
  readonly id: string
  readonly text: string
  readonly aria: string
}

export async function statusBar(page: Page): Promise<StatusBarItem[]> {
  return page.locator('.part.statusbar .statusbar-item').evaluateAll((items) =>
    items.map((item) => ({
      id: item.id,
      text: item.textContent.trim(),
      aria: (item.querySelector('[aria-label]') ?? item).getAttribute('aria-label') ?? '',
    })),
  )
}

export interface Dialog {
  readonly message: string
  readonly buttons: readonly string[]
}

/** The modal dialog, where one is open. */
export async function dialog(page: Page): Promise<Dialog | undefined> {
  const [open] = await page.locator('.monaco-dialog-box').evaluateAll((boxes) =>
    boxes.map((box) => ({
      message: box.querySelector('.dialog-message-container')?.textContent.trim() ?? '',
      buttons: [...box.querySelectorAll('.dialog-buttons .monaco-button')].map((button) => button.textContent.trim()),
    })),
  )
  return open
}

/** Presses a button of the modal dialog that is open or about to open. */
export async function answerDialog(page: Page, button: string): Promise<void> {
  await page.locator('.monaco-dialog-box .monaco-button').getByText(button, { exact: true }).click()
}
