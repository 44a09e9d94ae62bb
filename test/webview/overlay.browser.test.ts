import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { FromOverlay, ToOverlay } from '../../src/protocol/overlayMessages.ts'
import { themes } from './themes.ts'
import { bundle, describeWithChromium, launch, OverlayPage, type PageOptions } from './overlayPage.ts'
import { greyPng, side, subject, testBaseline, testLayers, testRun } from './overlayRuns.ts'

/** A host that has everything. */
function wellBehaved(message: FromOverlay): readonly ToOverlay[] {
  switch (message.type) {
    case 'ready':
      return [{ type: 'run', subject, run: testRun() }]
    case 'show':
      return [testLayers(message.image), testBaseline(message.image)]
    case 'choose-run':
      return []
    default:
      return message satisfies never
  }
}

describeWithChromium('the overlay in a browser', (executable) => {
  let browser: Browser
  let files: ReadonlyMap<string, string>
  const opened: OverlayPage[] = []

  beforeAll(async () => {
    browser = await launch(executable)
    files = await bundle('webview/overlay/main.ts')
  })

  afterEach(async () => {
    for (const overlay of opened.splice(0)) {
      expect(overlay.complaints).toEqual([])
      await overlay.page.close()
    }
  })

  afterAll(async () => {
    await browser.close()
  })

  async function open(options: PageOptions = {}, host = wellBehaved): Promise<OverlayPage> {
    const overlay = await OverlayPage.open(browser, files, host, { variables: themes.dark, ...options })
    opened.push(overlay)
    return overlay
  }

  /** The page once a picture of this name is drawn with its baseline. */
  async function shows(overlay: OverlayPage, image: string): Promise<void> {
    const { page } = overlay
    await page.locator('h1', { hasText: image }).waitFor()
    await page.locator('main[aria-busy=false]').waitFor()
    await page.locator('vscode-button.blink:not([disabled])').waitFor()
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))))
  }

  it('decodes all 256 values of a label map exactly', async () => {
    const values = Uint8Array.from({ length: 256 }, (_, value) => value)
    const decoder = await bundle('webview/overlay/picture/decodeLabels.ts')
    const overlay = await open()
    const base64 = Buffer.from(greyPng(values, 16, 16)).toString('base64')
    const decoded = await overlay.page.evaluate(
      async ({ code, png }) => {
        const exports = code.replace(/export \{[^}]*\};?/, '')
        const decode = new Function(`${exports}; return decodeLabels`)() as (bytes: Uint8Array) => Promise<{ labels: Uint8Array }>
        const { labels } = await decode(Uint8Array.from(atob(png), (character) => character.charCodeAt(0)))
        return [...labels]
      },
      { code: decoder.get('view.js')!, png: base64 },
    )
    expect(decoded).toEqual([...values])
  })
})
