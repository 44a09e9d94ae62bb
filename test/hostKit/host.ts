import { existsSync, mkdirSync, realpathSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser, Frame, Page } from 'playwright-core'
import { hostFolder } from '../../scripts/hostCache.mjs'
import { axe, type Violation } from './axe.ts'
import { openPage, startBrowser } from './browser.ts'
import { extensionHosts, killExtensionHosts, nextExtensionHost } from './extensionHosts.ts'
import { hostLogs, type LogEntry } from './hostLogs.ts'
import { addLanguagePack } from './languagePack.ts'
import { answerNotification, notifications, type Notification } from './notifications.ts'
import { ourErrors, watchPage, type PageError } from './ourErrors.ts'
import * as palette from './palette.ts'
import { discardProfile, guardProfile, makeProfile, sweepProfiles, type Profile } from './profile.ts'
import { runProcesses, type RunProcess } from './runProcesses.ts'
import { startServer } from './server.ts'
import { until } from './until.ts'
import { webview } from './webviews.ts'
import * as workbench from './workbench.ts'

export interface HostOptions {
  /** Folder of the extension under development; or `vsix`, what users install. */
  readonly extension?: string
  readonly vsix?: string
  /** Folder or .code-workspace file to open; an empty window when left out. */
  readonly workspace?: string
  readonly settings?: Readonly<Record<string, unknown>>
  /**
   * Whether the window asks for trust, as users' windows do; here folders are trusted when left out. With the setting
   * `security.workspace.trust.startupPrompt: never` it does not ask and does not trust.
   */
  readonly isTrustAsked?: boolean
  /** Display language besides English. */
  readonly locale?: { readonly id: string; readonly name: string }
  readonly environment?: Readonly<Record<string, string>>
  /** Entry of tests that run inside the extension host; their end is told to `onTestsEnded`. */
  readonly tests?: string
  readonly onTestsEnded?: (code: number) => void
  readonly viewport?: { readonly width: number; readonly height: number }
  readonly log?: ((line: string) => void) | undefined
}

/** How an extension host came back after a crash: VS Code restarted it, or the window was loaded again. */
export interface Recovery {
  readonly how: 'restart' | 'reload'
  readonly seconds: number
}

/** A real VS Code: its server, the extension host and the workbench in a browser. `stop` it. */
export class Host {
  private hasKilledHosts = false

  private constructor(
    readonly page: Page,
    readonly isDevelopment: boolean,
    /** Ends every process of this window, trainers included, and removes its profile. */
    readonly stop: () => Promise<void>,
    private readonly profile: Profile,
    private readonly pageErrors: PageError[],
    private readonly extension: string | undefined,
  ) {}

  static async start(options: HostOptions): Promise<Host> {
    const { extension, vsix, workspace, tests, locale, settings, isTrustAsked = false, log = () => undefined } = options
    if (!existsSync(hostFolder())) throw new Error(`no VS Code in ${hostFolder()}: run node scripts/ensureHost.mjs`)
    await sweepProfiles()
    const profile = makeProfile({ 'security.workspace.trust.enabled': isTrustAsked, ...settings })
    const release = guardProfile(profile)
    let browser: Browser | undefined
    const stop = async (): Promise<void> => {
      await browser?.close().catch(() => undefined)
      await discardProfile(profile)
      release()
    }
    try {
      if (locale !== undefined) addLanguagePack(profile, locale.id, locale.name)
      const isDevelopment = extension !== undefined || tests !== undefined
      const environment = options.environment ?? {}
      const starting = startServer({ profile, vsix, isDevelopment, isTrustAsked, locale: locale?.id, environment, log })
      // Both at once; awaited below, where a failure of the server ends the browser too.
      starting.catch(() => undefined)
      browser = await startBrowser(profile)
      const page = await openPage(browser, { locale: locale?.id, viewport: options.viewport })
      const pageErrors = watchPage(page, log)
      // What the workbench calls when it runs tests of an extension.
      await page.exposeFunction('codeAutomationLog', () => undefined)
      await page.exposeFunction('codeAutomationExit', (code: number) => options.onTestsEnded?.(code))
      const host = new Host(page, isDevelopment, stop, profile, pageErrors, extension && realpathSync(extension))
      const address = workbenchAddress(await starting, workspace, extension, tests)
      await page.goto(address, { waitUntil: 'domcontentloaded' })
      if (tests === undefined) await host.ready()
      return host
    } catch (error) {
      await stop()
      throw error
    }
  }

  /** All processes of this window, its trainers included. */
  processes(): readonly RunProcess[] {
    return runProcesses(this.profile.run)
  }

  extensionHosts(): readonly RunProcess[] {
    return extensionHosts(this.profile.run)
  }

  /** Runs a command by its title in the palette, e.g. `Foldwise: Train Fold…`. */
  runCommand(title: string): Promise<void> {
    return palette.runCommand(this.page, title)
  }

  /** Titles that the palette offers for a text. */
  paletteOffers(search: string): Promise<readonly string[]> {
    return palette.paletteOffers(this.page, search)
  }

  /** Labels of the open picker, once it shows any. */
  pickerItems(): Promise<readonly string[]> {
    return palette.pickerItems(this.page)
  }

  /** Chooses an item of the picker that is open or about to open. @param label its text, or the start of it */
  pick(label: string): Promise<void> {
    return palette.pick(this.page, label)
  }

  /** Types into the input box that is open or about to open, and accepts. */
  type(value: string): Promise<void> {
    return palette.type(this.page, value)
  }

  /** Opens a file of the workspace by its path and waits for its tab. */
  openFile(path: string): Promise<void> {
    return palette.openFile(this.page, path)
  }

  /** The document of a webview that contains an element. @param selector a CSS selector; Playwright looks into open shadow roots too */
  webview(selector: string): Promise<Frame> {
    return webview(this.page, selector)
  }

  /** Rows now shown in a view of the sidebar. @param title of the view */
  treeRows(title: string): Promise<readonly workbench.TreeRow[]> {
    return workbench.treeRows(this.page, title)
  }

  /** Waits for a row that fits and gives it. */
  treeRow(title: string, isMeant: (row: workbench.TreeRow) => boolean, seconds = 30): Promise<workbench.TreeRow> {
    let rows: readonly workbench.TreeRow[] = []
    const shown = (): string => rows.map(({ label, description }) => `${label} ${description}`).join(' | ')
    return until(
      () => `a row of ${title}; it shows: ${shown()}`,
      async () => {
        rows = await this.treeRows(title)
        return rows.find(isMeant)
      },
      seconds,
    )
  }

  /** Texts of the status bar's items. */
  statusBar(): Promise<readonly string[]> {
    return workbench.statusBar(this.page)
  }

  /** The modal dialog, where one is open. */
  dialog(): Promise<workbench.Dialog | undefined> {
    return workbench.dialog(this.page)
  }

  /** Presses a button of the modal dialog that is open or about to open. */
  answerDialog(button: string): Promise<void> {
    return workbench.answerDialog(this.page, button)
  }

  /** What the notification center shows, and every toast that was seen. Under development there are no toasts. */
  notifications(): Promise<readonly Notification[]> {
    return notifications(this.page)
  }

  /** Presses a button of a notification. */
  answer(message: string, button: string): Promise<void> {
    return answerNotification(this.page, message, button)
  }

  /** Accessibility mistakes in a webview's document. */
  async axe(frame: Frame): Promise<readonly Violation[]> {
    const before = this.pageErrors.length
    const violations = await axe(frame)
    // axe-core tries inline styles, which the policy of the view refuses: that is not the view's mistake.
    this.pageErrors.splice(before)
    return violations
  }

  /** Saves the window as test-results/screenshots/NAME.png. */
  async screenshot(name: string): Promise<void> {
    const file = resolve('test-results/screenshots', `${name}.png`)
    mkdirSync(dirname(file), { recursive: true })
    await this.page.screenshot({ path: file })
  }

  /** Reloads the window as the user would. */
  async reload(): Promise<void> {
    const before = this.extensionHosts().map(({ pid }) => pid)
    const loaded = this.page.waitForEvent('domcontentloaded', { timeout: 60_000 })
    await Promise.all([loaded, this.runCommand('Developer: Reload Window')])
    await this.ready()
    await nextExtensionHost(this.page, this.profile.run, before)
  }

  /** Kills the extension host with SIGKILL and waits for the next. VS Code restarts it for an installed extension only. */
  async crashExtensionHost(): Promise<Recovery> {
    const began = performance.now()
    this.hasKilledHosts = true
    const killed = await killExtensionHosts(this.profile.run)
    const how = await this.recover(killed)
    return { how, seconds: (performance.now() - began) / 1000 }
  }

  private async recover(killed: readonly number[]): Promise<Recovery['how']> {
    try {
      // A window under development ends with its host; it takes a moment to notice.
      if (this.isDevelopment) await sleep(1000)
      else {
        await nextExtensionHost(this.page, this.profile.run, killed, 15)
        return 'restart'
      }
    } catch {
      // It was not restarted: too many crashes in a few minutes.
    }
    await this.reload()
    return 'reload'
  }

  /** What the extension hosts logged, ours and those of VS Code's own extensions. */
  logs(): readonly LogEntry[] {
    return hostLogs(this.profile)
  }

  /** Errors of our extension: in the console of the page and its webviews, in the logs of the hosts, in our own log. */
  errors(): readonly string[] {
    const errors = ourErrors(this.pageErrors, this.logs(), this.extension)
    // A host that ends by itself is a bug; one that a test killed is not.
    return this.hasKilledHosts ? errors.filter((error) => !error.includes('terminated unexpectedly')) : errors
  }

  private async ready(): Promise<void> {
    const bar = this.page.locator('.monaco-workbench .part.statusbar')
    await until('the workbench', async () => (await bar.isVisible()) && this.extensionHosts().length > 0, 90)
  }
}

function workbenchAddress(
  authority: string,
  workspace: string | undefined,
  extension: string | undefined,
  tests: string | undefined,
): string {
  const remote = (path: string): string => `vscode-remote://${authority}${encodeURI(realpathSync(path))}`
  const payload = [
    ...(extension === undefined ? [] : [['extensionDevelopmentPath', remote(extension)]]),
    ...(tests === undefined ? [] : [['extensionTestsPath', remote(tests)]]),
  ]
  const query = new URLSearchParams()
  if (workspace === undefined) query.set('ew', 'true')
  else query.set(workspace.endsWith('.code-workspace') ? 'workspace' : 'folder', realpathSync(workspace))
  if (payload.length > 0) query.set('payload', JSON.stringify(payload))
  return `http://${authority}/?${query.toString()}`
}
