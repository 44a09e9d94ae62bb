import { join } from 'node:path'
import { chromium, type Browser, type Page } from 'playwright-core'
import { chromiumPath } from '../../scripts/hostCache.mjs'
import { rememberToasts } from './notifications.ts'
import type { Profile } from './profile.ts'
import { runMark } from './runProcesses.ts'

export interface BrowserOptions {
  readonly locale: string | undefined
  /** CSS pixels. */
  readonly viewport: { readonly width: number; readonly height: number } | undefined
}

const browserArguments = [
  '--no-sandbox',
  '--disable-dev-shm-usage',
  '--disable-gpu',
  // Everything stays on this machine: a name that is looked up, or a proxy, would stall the workbench for a minute.
  '--no-proxy-server',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
]

/** Chromium as a process of the run; the caller closes it. */
export function startBrowser({ root, run }: Profile): Promise<Browser> {
  const executablePath = chromiumPath()
  if (executablePath === undefined) throw new Error('no chromium on the path: run node scripts/ensureHost.mjs')
  return chromium.launch({
    executablePath,
    args: browserArguments,
    env: { ...process.env, HOME: join(root, 'home'), [runMark]: run },
    // The guard of the profile ends it.
    handleSIGINT: false,
    handleSIGTERM: false,
  })
}

/** An empty page that remembers toasts. */
export async function openPage(browser: Browser, { locale, viewport }: BrowserOptions): Promise<Page> {
  const context = await browser.newContext({
    viewport: viewport ?? { width: 1280, height: 800 },
    ...(locale === undefined ? {} : { locale }),
  })
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const page = await context.newPage()
  await page.addInitScript(rememberToasts)
  return page
}
