import { build } from 'esbuild'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { chromium, type Browser, type Page } from 'playwright-core'
import { describe, it } from 'vitest'
import type { FromOverlay, ToOverlay } from '../../../src/protocol/overlayMessages.ts'
import type { PaneName } from '../../../webview/overlay/model/viewState.ts'

const address = 'https://overlay.test/'
const nonce = 'test'

/** A browser of this machine, or undefined. */
export function chromiumPath(): string | undefined {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
  const found = names.map((name) => spawnSync('which', [name], { encoding: 'utf8' }).stdout.trim())
  return found.find((path) => path !== '')
}

/** A suite that needs a browser; skipped, with the reason in its title, where there is none. */
export function describeWithChromium(title: string, body: (executable: string) => void): void {
  const executable = chromiumPath()
  if (executable !== undefined) {
    describe(title, () => {
      body(executable)
    })
    return
  }
  describe.skip(`${title} [skipped: no chromium is installed]`, () => {
    it('needs a browser', () => undefined)
  })
}

/** The view as esbuild.mjs builds it. */
export async function bundle(entry: string): Promise<ReadonlyMap<string, string>> {
  const { outputFiles } = await build({
    bundle: true,
    write: false,
    entryPoints: { view: entry },
    outdir: 'out',
    platform: 'browser',
    target: 'chrome122',
    format: 'esm',
    logLevel: 'silent',
  })
  return new Map(outputFiles.map(({ path, text }) => [path.endsWith('.css') ? 'view.css' : 'view.js', text]))
}

/** What VS Code gives a webview, and what a test looks at. */
interface TestWindow extends Window {
  hostReceives: (message: FromOverlay) => void
  remembered: unknown
}

export interface PageOptions {
  readonly bodyClass?: string
  /** What the view remembered before a reload. */
  readonly state?: unknown
  readonly variables?: Readonly<Record<string, string>>
  readonly reducedMotion?: boolean
  readonly size?: { readonly width: number; readonly height: number }
}

/** The view in a page of its own, under the policy that the panel sets, with a host that the test plays. */
export class OverlayPage {
  readonly page: Page
  readonly received: FromOverlay[] = []
  /** Errors and violations of the policy. */
  readonly complaints: string[] = []
  private answer: (message: FromOverlay) => readonly ToOverlay[] = () => []

  private constructor(page: Page) {
    this.page = page
  }

  /** @param answer what the host sends for a message of the view */
  static async open(
    browser: Browser,
    files: ReadonlyMap<string, string>,
    answer: (message: FromOverlay) => readonly ToOverlay[],
    { bodyClass = 'vscode-dark', state, variables = {}, reducedMotion = false, size }: PageOptions = {},
  ): Promise<OverlayPage> {
    const page = await browser.newPage({
      viewport: size ?? { width: 1200, height: 800 },
      reducedMotion: reducedMotion ? 'reduce' : 'no-preference',
    })
    const overlay = new OverlayPage(page)
    overlay.answer = answer
    page.on('console', (message) => {
      if (message.type() === 'error') overlay.complaints.push(message.text())
    })
    page.on('pageerror', ({ message }) => overlay.complaints.push(message))
    await page.exposeFunction('hostReceives', async (message: FromOverlay) => {
      overlay.received.push(message)
      for (const each of overlay.answer(message)) await overlay.send(each)
    })
    await page.route(`${address}**`, async (route) => {
      const name = new URL(route.request().url()).pathname.slice(1)
      const body = name === '' ? html(bodyClass, state, variables) : (files.get(name) ?? codiconFile(name))
      if (body === undefined) await route.fulfill({ status: 404, body: '' })
      else await route.fulfill({ body, contentType: contentType(name) })
    })
    await page.goto(address)
    return overlay
  }

  /** Bytes travel as base64: a test's messages have to be JSON on their way into the page. */
  async send(message: ToOverlay): Promise<void> {
    const json = JSON.stringify(message, (_, value: unknown) =>
      value instanceof Uint8Array ? { base64: Buffer.from(value).toString('base64') } : value,
    )
    await this.page.evaluate((text) => {
      const data: unknown = JSON.parse(text, (_, value: unknown) =>
        typeof value === 'object' && value !== null && 'base64' in value
          ? Uint8Array.from(atob(String(value.base64)), (character) => character.charCodeAt(0))
          : value,
      )
      window.postMessage(data)
    }, json)
  }

  remembered(): Promise<unknown> {
    return this.page.evaluate(() => (window as unknown as TestWindow).remembered)
  }

  /** Resolves when an image of this name is drawn, and its baseline is there to compare with. */
  async shows(image: string): Promise<void> {
    await this.page.locator('h1', { hasText: image }).waitFor()
    await this.page.locator('main[aria-busy=false]').waitFor()
    await this.page.locator('vscode-button.blink:not([disabled])').waitFor()
    await this.isDrawn()
  }

  /** Resolves when what has changed is drawn: after two frames. */
  async isDrawn(): Promise<void> {
    await this.page.evaluate(
      () =>
        new Promise((resolve) => {
          requestAnimationFrame(() => requestAnimationFrame(resolve))
        }),
    )
  }

  /** Red, green, blue, alpha of a pane's picture, at a share of the picture's width and height. */
  async colorAt(pane: PaneName, x: number, y: number): Promise<readonly number[]> {
    const names = await this.page
      .locator('foldwise-pane')
      .evaluateAll((panes) => panes.map((each) => (each as unknown as { name: string }).name))
    const canvas = this.page.locator('foldwise-pane canvas').nth(names.indexOf(pane))
    return canvas.evaluate(
      (element: HTMLCanvasElement, at) => {
        // A square picture in the middle of its pane.
        const side = Math.min(element.width, element.height)
        const left = (element.width - side) / 2 + at.x * side
        const top = (element.height - side) / 2 + at.y * side
        return [...element.getContext('2d')!.getImageData(Math.floor(left), Math.floor(top), 1, 1).data]
      },
      { x, y },
    )
  }

  /** Rules of accessibility that the page breaks. https://github.com/dequelabs/axe-core */
  async violations(): Promise<readonly string[]> {
    const before = this.complaints.length
    await this.page.evaluate(readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'))
    const found = await this.page.evaluate(async () => {
      const { axe } = window as unknown as {
        axe: { run: () => Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }> }
      }
      const { violations } = await axe.run()
      return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}: ${node.failureSummary}`))
    })
    // axe itself tries inline styles, which the policy forbids.
    this.complaints.splice(before)
    return found
  }
}

function html(bodyClass: string, state: unknown, variables: Readonly<Record<string, string>>): string {
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${address} 'nonce-${nonce}'; font-src ${address}; img-src ${address} blob:`
  const rules = Object.entries(variables).map(([name, value]) => `--vscode-${name}: ${value};`)
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Overlay</title>
<meta http-equiv="Content-Security-Policy" content="${policy}">
<style nonce="${nonce}">:root { ${rules.join(' ')} } body { background: var(--vscode-editor-background); color: var(--vscode-foreground); }</style>
<link rel="stylesheet" id="vscode-codicon-stylesheet" nonce="${nonce}" href="codicon.css">
<link rel="stylesheet" nonce="${nonce}" href="view.css">
<script type="application/json" id="texts"></script>
<script nonce="${nonce}">
window.remembered = ${state === undefined ? 'undefined' : JSON.stringify(state)}
window.acquireVsCodeApi = () => ({
  postMessage: (message) => { window.hostReceives(message) },
  getState: () => window.remembered,
  setState: (state) => { window.remembered = state },
})
</script></head><body class="${bodyClass}"><script type="module" nonce="${nonce}" src="view.js"></script></body></html>`
}

function codiconFile(name: string): Buffer | undefined {
  return name.startsWith('codicon.') ? readFileSync(`node_modules/@vscode/codicons/dist/${name}`) : undefined
}

function contentType(name: string): string {
  if (name.endsWith('.js')) return 'text/javascript'
  return name.endsWith('.css') ? 'text/css' : name.endsWith('.ttf') ? 'font/ttf' : 'text/html'
}

export async function launch(executable: string): Promise<Browser> {
  return chromium.launch({ executablePath: executable, args: ['--no-sandbox', '--disable-gpu'] })
}
