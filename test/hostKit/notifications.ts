import type { Page } from 'playwright-core'
import { runCommand } from './palette.ts'
import { waitUntil } from './waiting.ts'

export interface Notification {
  readonly message: string
  /** Empty for a toast that is gone. */
  readonly severity: '' | 'info' | 'warning' | 'error'
  readonly buttons: readonly string[]
}

declare global {
  interface Window {
    foldwiseToasts?: string[]
  }
}

/** Runs in the page from its beginning: keeps the words of every toast. */
export function recordToasts(): void {
  if (window !== window.top) return
  const seen: string[] = (window.foldwiseToasts = [])
  const known = new WeakSet<Element>()
  const scan = (): void => {
    for (const toast of document.querySelectorAll('.notification-toast .notification-list-item')) {
      const message = toast.querySelector('.notification-list-item-message')?.textContent.trim() ?? ''
      if (message === '' || known.has(toast)) continue
      known.add(toast)
      seen.push(message)
    }
  }
  addEventListener('DOMContentLoaded', () => {
    new MutationObserver(scan).observe(document.documentElement, { childList: true, subtree: true })
  })
}

/** What the notification center holds, and toasts that came and went. */
export async function notifications(page: Page): Promise<Notification[]> {
  await runCommand(page, 'Notifications: Show Notifications')
  const center = page.locator('.notifications-center.visible')
  await center.waitFor({ timeout: 3000 })
  const listed = await page.evaluate(readCenter)
  await waitUntil('the notification center closes', async () => {
    if ((await center.count()) === 0) return true
    await page.keyboard.press('Escape')
    return false
  })
  const toasts = await page.evaluate(() => window.foldwiseToasts ?? [])
  const gone = toasts.filter((message) => listed.every((each) => each.message !== message))
  return [...listed, ...gone.map((message): Notification => ({ message, severity: '', buttons: [] }))]
}

function readCenter(): Notification[] {
  return [...document.querySelectorAll('.notifications-center.visible .notification-list-item')].map((item) => {
    const icon = item.querySelector('.notification-list-item-icon')?.className ?? ''
    const buttons = item.querySelectorAll('.notification-list-item-buttons-container .monaco-button')
    return {
      message: item.querySelector('.notification-list-item-message')?.textContent.trim() ?? '',
      severity: (/codicon-(info|warning|error)/.exec(icon)?.[1] ?? '') as Notification['severity'],
      buttons: [...buttons].map((button) => button.textContent.trim()).filter((text) => text !== ''),
    }
  })
}
