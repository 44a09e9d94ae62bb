import { cpSync, existsSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { builtVsix } from '../hostKit/builtVsix.ts'
import { Host } from '../hostKit/host.ts'
import { until } from '../hostKit/until.ts'

// Looks at the project that journey.e2e.ts has trained: the files run in the order of their names.
const trained = resolve('test-results/workspaces/journey')
const folder = resolve('test-results/workspaces/looks')

const themes = {
  dark: 'Default Dark Modern',
  light: 'Default Light Modern',
  'high-contrast': 'Default High Contrast',
}

describe.skipIf(!existsSync(resolve(trained, 'foldwise/results/baseline.f0.s0.json')))('in every look', () => {
  beforeAll(() => {
    rmSync(folder, { recursive: true, force: true })
    cpSync(trained, folder, { recursive: true })
  })

  describe.each(Object.entries(themes))('%s', (name, theme) => {
    let host: Host
    beforeAll(async () => {
      host = await Host.start({
        vsix: builtVsix(),
        workspace: folder,
        settings: { 'workbench.colorTheme': theme },
        viewport: { width: 1440, height: 900 },
      })
    })
    afterAll(async () => {
      await host.stop()
    })

    it('the sidebar, the curves and the overlay are whole and accessible', async () => {
      await host.page.locator('.activitybar a[aria-label^="Foldwise"]').click()
      await host.treeRow('Experiments', ({ label }) => label === 'dice')
      await host.runCommand('Foldwise: Open Overlay')
      await host.pick('baseline.f0.s0')
      const overlay = await host.webview('foldwise-overlay')
      await until('four pictures', async () => (await overlay.locator('foldwise-pane canvas').count()) >= 4)
      await host.page.waitForTimeout(1500)
      await host.screenshot(`overlay-${name}`)
      expect(await host.axe(overlay)).toEqual([])
      await host.runCommand('View: Close All Editors')
      await host.runCommand('Foldwise: Open Curves')
      await host.pick('baseline.f0.s0')
      await host.page.keyboard.press('Enter')
      const curves = await host.webview('foldwise-curves')
      await until('curves', async () => (await curves.locator('canvas').count()) > 0)
      await host.page.waitForTimeout(1500)
      await host.screenshot(`curves-${name}`)
      expect(await host.axe(curves)).toEqual([])
      expect(host.errors()).toEqual([])
    })
  })

  describe('Korean', () => {
    let host: Host
    beforeAll(async () => {
      host = await Host.start({ vsix: builtVsix(), workspace: folder, locale: { id: 'ko', name: '한국어' } })
    })
    afterAll(async () => {
      await host.stop()
    })

    it('speaks Korean in palette, sidebar and views', async () => {
      await host.page.locator('.activitybar a[aria-label^="Foldwise"]').click()
      await host.treeRow('실험', ({ label }) => label === 'dice')
      await host.runCommand('Foldwise: 오버레이 열기')
      await host.pick('baseline.f0.s0')
      const overlay = await host.webview('foldwise-overlay')
      await overlay.locator('text=정답').first().waitFor()
      await until('four pictures', async () => (await overlay.locator('foldwise-pane canvas').count()) >= 4)
      await host.page.waitForTimeout(1500)
      await host.screenshot('overlay-korean')
      await host.runCommand('View: Close All Editors')
      await host.runCommand('Foldwise: 곡선 열기')
      await host.pick('baseline.f0.s0')
      await host.page.keyboard.press('Enter')
      const curves = await host.webview('foldwise-curves')
      await curves.locator('text=학습률').first().waitFor()
      await host.page.waitForTimeout(1500)
      await host.screenshot('curves-korean')
      expect(host.errors()).toEqual([])
    })
  })
})
