import { existsSync, realpathSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { hostFolder } from '../../scripts/hostCache.mjs'
import { openBrowser } from './browser.ts'
import { installLanguage } from './languagePack.ts'
import { discardProfile, discardProfileNow, makeProfile, sweepStaleProfiles, type Profile } from './profile.ts'
import type { PageError } from './ourErrors.ts'
import { startServer } from './server.ts'

export interface LaunchOptions {
  /** The extension in its folder, as a developer runs it. Exactly one of `extension` and `vsix`. */
  readonly extension?: string
  /** The packaged extension, as a user has it: toasts show, and a crashed extension host comes back by itself. */
  readonly vsix?: string
  /** Folder or `.code-workspace` file; an empty window where absent. */
  readonly workspace?: string
  readonly settings?: Readonly<Record<string, unknown>>
  /** Display language, e.g. `ko`. */
  readonly locale?: string
  /** The workspace is not trusted. */
  readonly restricted?: boolean
  /** Added to the environment of the extension host. */
  readonly environment?: Readonly<Record<string, string>>
  readonly viewport?: { readonly width: number; readonly height: number }
  /** Module that the extension host loads and whose `run` it calls. */
  readonly tests?: string
  readonly onTestsEnd?: (code: number) => void
  readonly log?: (line: string) => void
}

/** A window of VS Code on its way up. */
export interface Launched {
  readonly page: Page
  readonly profile: Profile
  readonly isDevelopment: boolean
  readonly extensionFolder: string | undefined
  /** Grows as they happen. */
  readonly pageErrors: readonly PageError[]
  /** Ends every process of the run and removes its profile. */
  readonly stop: () => Promise<void>
}

export async function launch(options: LaunchOptions): Promise<Launched> {
  if (!existsSync(hostFolder())) throw new Error(`no VS Code in ${hostFolder()}: run node scripts/ensureHost.mjs`)
  if ((options.extension === undefined) === (options.vsix === undefined))
    throw new Error('name either the folder of an extension or a .vsix')
  await sweepStaleProfiles()
  const profile = makeProfile(options)
  let browser: Browser | undefined
  const guard = guardProfile(profile)
  const stop = async (): Promise<void> => {
    await browser?.close().catch(() => undefined)
    await discardProfile(profile)
    guard.release()
  }
  const { extension, vsix, locale, restricted, environment, log = () => undefined } = options
  const isDevelopment = extension !== undefined
  try {
    if (locale !== undefined) installLanguage(profile, locale)
    const server = { profile, vsix, locale, restricted, isDevelopment, environment, log }
    const [authority, opened] = await Promise.all([startServer(server), openBrowser({ ...options, profile })])
    browser = opened.browser
    const { page } = opened
    const pageErrors = watchPage(page, log)
    // The workbench calls these two with the switch of the smoke tests.
    await page.exposeFunction('codeAutomationLog', () => undefined)
    await page.exposeFunction('codeAutomationExit', (code: number) => options.onTestsEnd?.(code))
    await page.goto(address(authority, options), { waitUntil: 'domcontentloaded' })
    return { page, profile, isDevelopment, extensionFolder: extension, pageErrors, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

function watchPage(page: Page, log: (line: string) => void): readonly PageError[] {
  const errors: PageError[] = []
  page.on('console', (message) => {
    log(`[page:${message.type()}] ${message.text()}`)
    if (message.type() === 'error') errors.push({ text: message.text(), url: message.location().url })
  })
  page.on('pageerror', (error) => {
    log(`[page] ${error.stack ?? error.message}`)
    errors.push({ text: error.stack ?? error.message, url: '' })
  })
  return errors
}

function address(authority: string, { extension, tests, workspace }: LaunchOptions): string {
  const remote = (path: string): string => `vscode-remote://${authority}${encodeURI(realpathSync(path))}`
  const query = new URLSearchParams()
  if (workspace === undefined) query.set('ew', 'true')
  else query.set(workspace.endsWith('.code-workspace') ? 'workspace' : 'folder', realpathSync(workspace))
  const payload = [
    ...(extension === undefined ? [] : [['extensionDevelopmentPath', remote(extension)]]),
    ...(tests === undefined ? [] : [['extensionTestsPath', remote(tests)]]),
  ]
  if (payload.length > 0) query.set('payload', JSON.stringify(payload))
  return `http://${authority}/?${query.toString()}`
}

/** Nothing of a run outlives this process: neither its exit nor the signals of a terminal or a test runner. */
function guardProfile(profile: Profile): { release: () => void } {
  const onExit = (): void => {
    discardProfileNow(profile)
  }
  const onSignal = (signal: NodeJS.Signals): void => {
    onExit()
    release()
    process.kill(process.pid, signal)
  }
  const release = (): void => {
    process.off('exit', onExit).off('SIGINT', onSignal).off('SIGTERM', onSignal)
  }
  process.on('exit', onExit).on('SIGINT', onSignal).on('SIGTERM', onSignal)
  return { release }
}
