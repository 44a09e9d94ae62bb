import type { Locator, Page } from 'playwright-core'
import { runCommand } from './palette.ts'
import { until } from './until.ts'

export interface Notification {
  readonly message: string
  readonly buttons: readonly string[]
}

const center = (page: Page): Locator => page.locator('.notifications-center.visible')

/** Runs in the page. Toasts vanish after some seconds: a test that looks later must still see them. */
export function rememberToasts(): void {
  if (window !== window.top) return
  const seen: string[] = []
  ;(window as { foldwiseToasts?: string[] }).foldwiseToasts = seen
  const nodes = new WeakSet()
  addEventListener('DOMContentLoaded', () => {
    new MutationObserver(() => {
      for (const node of document.querySelectorAll('.notification-toast .notification-list-item')) {
        const message = node.querySelector('.notification-list-item-message')?.textContent.trim() ?? ''
        if (message === '' || nodes.has(node)) continue
        nodes.add(node)
        seen.push(message)
      }
    }).observe(document.documentElement, { childList: true, subtree: true })
  })
}

/** What the notification center shows, and every toast that was seen. */
export async function notifications(page: Page): Promise<readonly Notification[]> {
  await openCenter(page)
  const shown = await page.evaluate(() => {
    const items = document.querySelectorAll('.notifications-center.visible .notification-list-item')
    return [...items].map((item) => ({
      message: item.querySelector('.notification-list-item-message')?.textContent.trim() ?? '',
      buttons: [...item.querySelectorAll('.notification-list-item-buttons-container .monaco-button')].map((button) =>
        button.textContent.trim(),
      ),
    }))
  })
  await until('the notification center to close', async () => {
    await page.keyboard.press('Escape')
    return (await center(page).count()) === 0
  })
  const toasts = await page.evaluate(() => (window as { foldwiseToasts?: string[] }).foldwiseToasts ?? [])
  const others = toasts.filter((message) => shown.every((each) => each.message !== message))
  return [...shown, ...others.map((message) => ({ message, buttons: [] }))]
}

/** Presses a button of a notification. */
export async function answerNotification(page: Page, message: string, button: string): Promise<void> {
  await openCenter(page)
  const item = center(page).locator('.notification-list-item', { hasText: message }).first()
  await item.click()
  await item.locator('.monaco-button', { hasText: button }).first().click()
}

async function openCenter(page: Page): Promise<void> {
  await runCommand(page, 'Notifications: Show Notifications')
  await center(page).waitFor({ timeout: 5000 })
}
