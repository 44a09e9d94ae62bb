import { mkdirSync, readFileSync, readdirSync, realpathSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { chromium, type Browser, type Frame, type Page } from 'playwright-core'
import { chromiumPath } from '../../scripts/hostCache.mjs'
import { addLanguagePack } from './languagePack.ts'
import { makeProfile, removeProfile, type Profile } from './profile.ts'
import { endRun, runMark, runProcesses, type RunProcess } from './runProcesses.ts'
import { startServer } from './server.ts'
import { until } from './until.ts'

export interface HostOptions {
  /** Folder of the extension under development; or `vsix`, what users install. */
  readonly extension?: string
  readonly vsix?: string
  /** Folder or .code-workspace file to open; an empty window when left out. */
  readonly workspace?: string
  readonly settings?: Readonly<Record<string, unknown>>
  /** Whether the window asks for trust, as users' windows do; here folders are trusted when left out. */
  readonly isTrustAsked?: boolean
  /** Display language besides English. */
  readonly locale?: { readonly id: string; readonly name: string }
  readonly environment?: Readonly<Record<string, string>>
  /** Entry of tests that run inside the extension host; their end is told to `onTestsEnded`. */
  readonly tests?: string
  readonly onTestsEnded?: (code: number) => void
  readonly viewport?: { readonly width: number; readonly height: number }
  readonly log?: (line: string) => void
}

export interface TreeRow {
  readonly label: string
  readonly description: string
  readonly level: number
  readonly aria: string
}

export interface Notification {
  readonly message: string
  readonly buttons: readonly string[]
}

/** Everything stays on this machine: a name that is looked up, or a proxy, would stall the workbench for a minute. */
const browserArguments = [
  '--no-sandbox',
  '--disable-dev-shm-usage',
  '--disable-gpu',
  '--no-proxy-server',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
]

/** A real VS Code: its server, the extension host and the workbench in a browser. `stop` it. */
export class Host {
  readonly page: Page
  readonly isDevelopment: boolean
  private readonly browser: Browser
  private readonly profile: Profile

  private constructor(page: Page, browser: Browser, profile: Profile, isDevelopment: boolean) {
    this.page = page
    this.browser = browser
    this.profile = profile
    this.isDevelopment = isDevelopment
  }

  static async start(options: HostOptions): Promise<Host> {
    const { extension, vsix, workspace, tests, locale, log = () => undefined } = options
    const profile = makeProfile(options.settings ?? {}, locale?.id)
    const isDevelopment = extension !== undefined || tests !== undefined
    let browser: Browser | undefined
    try {
      if (locale !== undefined) addLanguagePack(profile, locale.id, locale.name)
      const authority = await startServer({
        profile,
        vsix: vsix === undefined ? [] : [vsix],
        isDevelopment,
        isTrustAsked: options.isTrustAsked ?? false,
        locale: locale?.id,
        environment: options.environment ?? {},
        log,
      })
      browser = await chromium.launch({
        executablePath: chromiumPath(),
        args: browserArguments,
        env: { ...process.env, HOME: join(profile.root, 'home'), [runMark]: profile.run },
      })
      const context = await browser.newContext({ viewport: options.viewport ?? { width: 1280, height: 800 } })
      await context.grantPermissions(['clipboard-read', 'clipboard-write'])
      const page = await context.newPage()
      page.on('console', (message) => {
        log(`[page:${message.type()}] ${message.text()}`)
      })
      // What the workbench calls when it runs tests of an extension.
      await page.exposeFunction('codeAutomationLog', () => undefined)
      await page.exposeFunction('codeAutomationExit', (code: number) => options.onTestsEnded?.(code))
      await page.addInitScript(rememberToasts)
      const host = new Host(page, browser, profile, isDevelopment)
      await page.goto(workbenchAddress(authority, workspace, extension, tests), { waitUntil: 'domcontentloaded' })
      if (tests === undefined) await host.ready()
      return host
    } catch (error) {
      await browser?.close()
      await endRun(profile.run)
      removeProfile(profile)
      throw error
    }
  }

  async stop(): Promise<void> {
    await this.browser.close()
    await endRun(this.profile.run)
    removeProfile(this.profile)
  }

  /** All processes of this window, its trainers included. */
  processes(): readonly RunProcess[] {
    return runProcesses(this.profile.run)
  }

  extensionHosts(): readonly RunProcess[] {
    return this.processes().filter(({ command }) => command.includes('--type=extensionHost'))
  }

  /** Runs a command by its title in the palette, e.g. `Foldwise: Train Fold…`. */
  async runCommand(title: string): Promise<void> {
    const { page } = this
    const input = page.locator('.quick-input-widget .quick-input-filter input')
    const rows = page.locator('.quick-input-widget .quick-input-list .monaco-list-row')
    await until(
      `command "${title}"`,
      async () => {
        await page.keyboard.press('Escape')
        // The key is swallowed while the workbench is busy.
        await page.keyboard.press('F1')
        await input.waitFor({ state: 'visible', timeout: 2000 })
        await input.fill(`>${title}`)
        for (let round = 0; round < 12; round++) {
          await sleep(120)
          const names = await rows.locator('.label-name').allTextContents()
          const index = names.findIndex((name) => name.trim() === title)
          if (index < 0) continue
          await rows.nth(index).click({ timeout: 2000 })
          return true
        }
        return false
      },
      40,
    )
    await sleep(100)
  }

  /** Titles that the palette offers for a text. */
  async paletteOffers(search: string): Promise<readonly string[]> {
    await this.page.keyboard.press('F1')
    await this.page.locator('.quick-input-widget .quick-input-filter input').fill(`>${search}`)
    await sleep(600)
    const names = await this.page.locator('.quick-input-list .monaco-list-row .label-name').allTextContents()
    await this.page.keyboard.press('Escape')
    return names
  }

  /** Labels of the open picker, once it shows any. */
  async pickerItems(): Promise<readonly string[]> {
    const rows = this.page.locator('.quick-input-widget .quick-input-list .monaco-list-row .label-name')
    return until('a picker', async () => {
      const labels = await rows.allTextContents()
      return labels.length > 0 && labels
    })
  }

  /** Chooses an item of the open picker with the keyboard. @param label its text, or the start of it */
  async pick(label: string): Promise<void> {
    await until(`"${label}" in the picker`, async () =>
      (await this.pickerItems()).some((each) => each.trim().startsWith(label)),
    )
    const index = (await this.pickerItems()).findIndex((each) => each.trim().startsWith(label))
    const row = this.page.locator('.quick-input-widget .quick-input-list .monaco-list-row').nth(index)
    await row.click()
    await sleep(300)
  }

  /** Types into the open input box and accepts. */
  async type(value: string): Promise<void> {
    const input = this.page.locator(
      '.quick-input-widget .quick-input-filter input, .quick-input-widget .quick-input-box input',
    )
    await input.first().fill(value)
    await this.page.keyboard.press('Enter')
    await sleep(300)
  }

  /** Opens a file of the workspace by its name. */
  async openFile(path: string): Promise<void> {
    await this.page.keyboard.press('Control+p')
    const input = this.page.locator('.quick-input-widget .quick-input-filter input')
    await input.waitFor({ state: 'visible' })
    await input.fill(path)
    const name = path.slice(path.lastIndexOf('/') + 1)
    await until(`file ${path}`, async () => (await this.pickerItems())[0]?.startsWith(name))
    await this.page.keyboard.press('Enter')
    await this.page.locator(`.tab[data-resource-name="${name}"]`).waitFor({ timeout: 15_000 })
  }

  /** The document of a webview that contains an element. @param selector a CSS selector; Playwright looks into open shadow roots too */
  async webview(selector: string): Promise<Frame> {
    return until(`a webview with ${selector}`, async () => {
      for (const frame of this.page.frames()) {
        if (frame.parentFrame() === null) continue
        const element = await frame.frameElement().catch(() => undefined)
        if ((await element?.getAttribute('id').catch(() => '')) !== 'active-frame') continue
        if (
          (await frame
            .locator(selector)
            .count()
            .catch(() => 0)) > 0
        )
          return frame
      }
      return undefined
    })
  }

  /** Rows now shown in a view of the sidebar. @param title of the view */
  async treeRows(title: string): Promise<readonly TreeRow[]> {
    return this.page.evaluate((wanted) => {
      const pane = [...document.querySelectorAll('.pane')].find((each) => {
        const header = each.querySelector('.pane-header')
        const name = header?.querySelector('h3.title, .title')?.textContent.trim() ?? header?.getAttribute('aria-label')
        return name?.toLowerCase().startsWith(wanted.toLowerCase())
      })
      return [...(pane?.querySelectorAll('.monaco-list-row') ?? [])].map((row) => ({
        label: row.querySelector('.label-name')?.textContent ?? row.textContent.trim(),
        description: row.querySelector('.label-description')?.textContent ?? '',
        level: Number(row.getAttribute('aria-level') ?? 1),
        aria: row.getAttribute('aria-label') ?? '',
      }))
    }, title)
  }

  /** Waits for a row that fits and gives it. */
  async treeRow(title: string, isMeant: (row: TreeRow) => boolean, seconds = 30): Promise<TreeRow> {
    return until(`a row of ${title}`, async () => (await this.treeRows(title)).find(isMeant), seconds).catch(
      async (error: unknown) => {
        const rows = (await this.treeRows(title)).map(({ label, description }) => `${label} ${description}`)
        throw new Error(`${error instanceof Error ? error.message : String(error)}; it shows: ${rows.join(' | ')}`)
      },
    )
  }

  async statusBar(): Promise<readonly string[]> {
    return this.page.locator('.part.statusbar .statusbar-item').allTextContents()
  }

  /** What the notification center shows, and every toast that was seen. */
  async notifications(): Promise<readonly Notification[]> {
    await this.runCommand('Notifications: Show Notifications')
    await sleep(300)
    const shown = await this.page.evaluate(() => {
      const items = document.querySelectorAll('.notifications-center.visible .notification-list-item')
      return [...items].map((item) => ({
        message: item.querySelector('.notification-list-item-message')?.textContent.trim() ?? '',
        buttons: [...item.querySelectorAll('.notification-list-item-buttons-container .monaco-button')].map((button) =>
          button.textContent.trim(),
        ),
      }))
    })
    await this.page.keyboard.press('Escape')
    const toasts = await this.page.evaluate(() => (window as { foldwiseToasts?: string[] }).foldwiseToasts ?? [])
    const others = toasts.filter((message) => shown.every((each) => each.message !== message))
    return [...shown, ...others.map((message) => ({ message, buttons: [] }))]
  }

  /** Presses a button of a notification. */
  async answer(message: string, button: string): Promise<void> {
    await this.runCommand('Notifications: Show Notifications')
    const item = this.page
      .locator('.notifications-center.visible .notification-list-item', { hasText: message })
      .first()
    await item.click()
    await item.locator('.monaco-button', { hasText: button }).first().click()
  }

  async screenshot(name: string): Promise<void> {
    const file = resolve('test-results/screenshots', `${name}.png`)
    mkdirSync(dirname(file), { recursive: true })
    await this.page.screenshot({ path: file })
  }

  /** Reloads the window as the user would. */
  async reload(): Promise<void> {
    const before = this.extensionHosts().map(({ pid }) => pid)
    const loaded = this.page.waitForEvent('domcontentloaded', { timeout: 60_000 })
    await this.runCommand('Developer: Reload Window')
    await loaded
    await this.ready()
    await this.newExtensionHost(before)
  }

  /** Kills the extension host with SIGKILL and waits for the next. VS Code restarts it for an installed extension. */
  async crashExtensionHost(): Promise<void> {
    const before = this.extensionHosts().map(({ pid }) => pid)
    for (const pid of before) process.kill(pid, 'SIGKILL')
    await until('the death of the host', () => this.extensionHosts().every(({ pid }) => !before.includes(pid)))
    if (this.isDevelopment) {
      // A window under development ends with its host.
      await sleep(1000)
      await this.reload()
      return
    }
    await this.newExtensionHost(before, 15).catch(() => this.reload())
  }

  /** Lines of VS Code's logs that tell of an error in our extension. */
  errors(): readonly string[] {
    const folder = join(this.profile.root, 'data/logs')
    return (
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.log'))
        .flatMap((file) => readFileSync(join(folder, file), 'utf8').split('\n'))
        // The profile's own path carries our name too.
        .map((line) => line.replaceAll(this.profile.root, ''))
        .filter((line) => /\[error\]/.test(line) && /foldwise|dist\/host/i.test(line))
    )
  }

  private async ready(): Promise<void> {
    const bar = this.page.locator('.monaco-workbench .part.statusbar')
    await until('the workbench', async () => (await bar.isVisible()) && this.extensionHosts().length > 0, 90)
  }

  private async newExtensionHost(before: readonly number[], seconds = 60): Promise<void> {
    await until('an extension host', () => this.extensionHosts().some(({ pid }) => !before.includes(pid)), seconds)
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

/** Runs in the page. Toasts vanish after some seconds: a test that looks later must still see them. */
function rememberToasts(): void {
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
