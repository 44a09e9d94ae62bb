import { chromium, type Browser, type Page } from 'playwright-core'
import { chromiumPath } from '../../scripts/hostCache.mjs'
import { runMark } from './markedProcesses.ts'
import { recordToasts } from './notifications.ts'
import type { Profile } from './profile.ts'

export interface BrowserOptions {
  readonly profile: Profile
  readonly locale?: string | undefined
  /** CSS pixels. */
  readonly viewport?: { readonly width: number; readonly height: number } | undefined
}

const switches = [
  '--no-sandbox',
  '--disable-dev-shm-usage',
  '--disable-gpu',
  // Loopback only: a lookup or a proxy that never answers would stall the workbench for a minute.
  '--no-proxy-server',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
]

/** Chromium with one empty page. */
export async function openBrowser(options: BrowserOptions): Promise<{ browser: Browser; page: Page }> {
  const executablePath = chromiumPath()
  if (executablePath === undefined) throw new Error('no chromium on the path: run node scripts/ensureHost.mjs')
  const { home, run } = options.profile
  const browser = await chromium.launch({
    executablePath,
    args: switches,
    env: { ...process.env, HOME: home, [runMark]: run },
    handleSIGINT: false,
    handleSIGTERM: false,
  })
  const context = await browser.newContext({
    viewport: options.viewport ?? { width: 1280, height: 800 },
    ...(options.locale === undefined ? {} : { locale: options.locale }),
  })
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const page = await context.newPage()
  await page.addInitScript(recordToasts)
  return { browser, page }
}
