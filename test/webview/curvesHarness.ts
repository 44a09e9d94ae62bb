import { build } from 'esbuild'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, Page } from 'playwright-core'
import type { FromCurves, ToCurves } from '../../src/protocol/curvesMessages.ts'
import type { InPage } from './curves/inPage.ts'
import { bundle } from './overlay/overlayPage.ts'

const address = 'https://curves.test/'
const nonce = 'test'

/** What a test finds in the page beside the view. */
interface TestWindow extends Window, InPage {
  foldwiseFrames: () => { readonly frames: number; readonly seconds: number }
  remembered: unknown
}

export interface PageOptions {
  readonly bodyClass?: string
  readonly variables: Readonly<Record<string, string>>
  /** What the view remembered before a reload. */
  readonly state?: unknown
  readonly size?: { readonly width: number; readonly height: number }
  readonly texts?: Readonly<Record<string, string>>
}

/** The view and what plays the host, by the names they have in the page. */
export async function curvesFiles(): Promise<ReadonlyMap<string, string>> {
  const { outputFiles } = await build({
    bundle: true,
    write: false,
    entryPoints: ['test/webview/curves/inPage.ts'],
    format: 'iife',
    logLevel: 'silent',
  })
  return new Map([...(await bundle('webview/curves/main.ts')), ['inPage.js', outputFiles[0].text]])
}

/** The curves in a page of their own, under the policy that the panel sets, with a host that the test plays. */
export class CurvesPage {
  readonly page: Page
  readonly received: FromCurves[] = []
  /** Errors, and violations of the policy. */
  readonly complaints: string[] = []

  private constructor(page: Page) {
    this.page = page
  }

  static async open(browser: Browser, files: ReadonlyMap<string, string>, options: PageOptions): Promise<CurvesPage> {
    const page = await browser.newPage({ viewport: options.size ?? { width: 1200, height: 800 } })
    const curves = new CurvesPage(page)
    page.on('console', (message) => {
      if (message.type() === 'error') curves.complaints.push(message.text())
    })
    page.on('pageerror', ({ message }) => curves.complaints.push(message))
    await page.exposeFunction('hostReceives', (message: FromCurves) => {
      curves.received.push(message)
    })
    await page.route(`${address}**`, async (route) => {
      const name = new URL(route.request().url()).pathname.slice(1)
      const body = name === '' ? html(options) : (files.get(name) ?? codiconFile(name))
      if (body === undefined) await route.fulfill({ status: 404, body: '' })
      else await route.fulfill({ body, contentType: contentType(name) })
    })
    await page.goto(address)
    return curves
  }

  /** Numbers travel as lists: a test's messages have to be JSON on their way into the page. */
  async send(message: ToCurves): Promise<void> {
    const json = JSON.stringify(message, (_, value: unknown) =>
      value instanceof Float64Array ? { numbers: [...value] } : value,
    )
    await this.page.evaluate((text) => {
      const data: unknown = JSON.parse(text, (_, value: unknown) =>
        typeof value === 'object' && value !== null && 'numbers' in value
          ? Float64Array.from(value.numbers as readonly (number | null)[], (each) => each ?? NaN)
          : value,
      )
      window.postMessage(data)
    }, json)
  }

  /** Two frames later, all that was sent is drawn. */
  async settle(): Promise<void> {
    await this.page.evaluate(
      () =>
        new Promise((resolve) => {
          setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(resolve)))
        }),
    )
  }

  remembered(): Promise<unknown> {
    return this.page.evaluate(() => (window as unknown as TestWindow).remembered)
  }

  /** Streams synthetic runs inside the page; resolves at once. */
  stream(runs: number, from: number, to: number, seconds: number): Promise<void> {
    return this.page.evaluate(
      ([count, first, last, duration]) => {
        ;(window as unknown as TestWindow).streamSyntheticRuns(count, first, last, duration)
      },
      [runs, from, to, seconds] as const,
    )
  }

  /** Frames since the last call; the first begins to count. */
  frames(): Promise<{ readonly frames: number; readonly seconds: number }> {
    return this.page.evaluate(() => (window as unknown as TestWindow).foldwiseFrames())
  }

  /** How much of a chart is painted in a colour, as a share of its pixels. @param color red, green, blue */
  async painted(chart: string, color: readonly [number, number, number]): Promise<number> {
    return this.page
      .locator(`foldwise-chart.${chart} canvas`)
      .evaluate((canvas: HTMLCanvasElement, [red, green, blue]) => {
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)
        let count = 0
        for (let i = 0; i < data.length; i += 4)
          if (data[i] === red && data[i + 1] === green && data[i + 2] === blue && data[i + 3] === 255) count++
        return count / (data.length / 4)
      }, color)
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

function html({ bodyClass = 'vscode-dark', variables, state, texts }: PageOptions): string {
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${address} 'nonce-${nonce}'; font-src ${address}; img-src ${address} blob:`
  const rules = Object.entries(variables).map(([name, value]) => `--vscode-${name}: ${value};`)
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Curves</title>
<meta http-equiv="Content-Security-Policy" content="${policy}">
<style nonce="${nonce}">:root { ${rules.join(' ')} } body { background: var(--vscode-editor-background); color: var(--vscode-foreground); }</style>
<link rel="stylesheet" id="vscode-codicon-stylesheet" nonce="${nonce}" href="codicon.css">
<link rel="stylesheet" nonce="${nonce}" href="view.css">
<script type="application/json" id="texts">${texts === undefined ? '' : JSON.stringify(texts)}</script>
<script nonce="${nonce}">
window.remembered = ${state === undefined ? 'undefined' : JSON.stringify(state)}
window.acquireVsCodeApi = () => ({
  postMessage: (message) => { window.hostReceives(message) },
  getState: () => window.remembered,
  setState: (state) => { window.remembered = state },
})
</script></head><body class="${bodyClass}">
<script nonce="${nonce}" src="inPage.js"></script>
<script type="module" nonce="${nonce}" src="view.js"></script></body></html>`
}

function codiconFile(name: string): Buffer | undefined {
  return name.startsWith('codicon.') ? readFileSync(`node_modules/@vscode/codicons/dist/${name}`) : undefined
}

function contentType(name: string): string {
  if (name.endsWith('.js')) return 'text/javascript'
  return name.endsWith('.css') ? 'text/css' : name.endsWith('.ttf') ? 'font/ttf' : 'text/html'
}
