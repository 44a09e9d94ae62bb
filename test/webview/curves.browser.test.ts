import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { runKey, type RunFacts } from '../../src/protocol/curvesMessages.ts'
import { curvesThemes } from './curves/curvesThemes.ts'
import { syntheticColumns, syntheticFacts, syntheticRun } from './curves/syntheticRuns.ts'
import { CurvesPage, curvesFiles, type PageOptions } from './curvesHarness.ts'
import { describeWithChromium, launch } from './overlay/overlayPage.ts'

const selection = { runs: [syntheticFacts(0).id], since: '2026-01-31T12:00:00.000Z' }
const reference: Partial<RunFacts> = {
  id: { root: '/project', run: 'baseline.f0.s0' },
  isReference: true,
  phase: 'finished',
  conditions: ['Unet / resnet18', 'Adam, lr 0.001'],
}
const trouble = 'The loss became NaN at step 121 (epoch 2). Try a third of the learning rate.'
/** Red, green, blue of the first run's line and of nothing else in the dark theme. */
const blue = [0x37, 0x94, 0xff] as const

describeWithChromium('the curves in a browser', (executable) => {
  let browser: Browser
  let files: ReadonlyMap<string, string>
  const opened: CurvesPage[] = []

  beforeAll(async () => {
    browser = await launch(executable)
    files = await curvesFiles()
  })

  afterEach(async () => {
    for (const curves of opened.splice(0)) {
      expect(curves.complaints).toEqual([])
      await curves.page.close()
    }
  })

  afterAll(async () => {
    await browser.close()
  })

  async function open(options: Partial<PageOptions> = {}): Promise<CurvesPage> {
    const curves = await CurvesPage.open(browser, files, { variables: curvesThemes.dark, ...options })
    opened.push(curves)
    await vi.waitFor(() => {
      expect(curves.received).toEqual([{ type: 'ready' }])
    })
    return curves
  }

  /** A run in training, one that failed, and the baseline. */
  async function openRuns(options: Partial<PageOptions> = {}): Promise<CurvesPage> {
    const curves = await open(options)
    const runs = [
      syntheticRun(0, 300),
      syntheticRun(1, 120, { phase: 'failed', trouble }),
      syntheticRun(2, 300, reference),
    ]
    await curves.send({ type: 'hydrate', selection, runs })
    await curves.settle()
    return curves
  }

  it('waits for the host, and says what to do where there are no runs', async () => {
    const curves = await open()
    await curves.page.locator('vscode-progress-bar').waitFor()
    await curves.send({ type: 'hydrate', selection: { runs: [], since: '' }, runs: [] })
    await curves.page.getByText('No run is shown.').waitFor()
    expect(await curves.violations()).toEqual([])
    await curves.page.locator('main vscode-button').click()
    expect(curves.received.at(-1)).toEqual({ type: 'select-runs' })
  })

  it('draws every run in the colours of the theme, and again when the theme changes', async () => {
    const curves = await openRuns()
    for (const chart of ['loss', 'score', 'pace']) expect(await curves.painted(chart, blue)).toBeGreaterThan(0.0001)
    await curves.page.evaluate(() => {
      document.documentElement.style.setProperty('--vscode-charts-blue', '#ff00ff')
    })
    await curves.settle()
    expect(await curves.painted('loss', blue)).toBe(0)
    expect(await curves.painted('loss', [255, 0, 255])).toBeGreaterThan(0.0001)
  })

  it('draws what streams in', async () => {
    const curves = await openRuns()
    const { page } = curves
    const lastLoss = page.locator('foldwise-curves-legend tbody').first().locator('td').first()
    const before = await lastLoss.textContent()
    await curves.send({
      type: 'append',
      appended: [{ run: syntheticFacts(0).id, columns: syntheticColumns(0, 300, 900) }],
    })
    await vi.waitFor(async () => {
      expect(await lastLoss.textContent()).not.toBe(before)
      expect(await page.locator('foldwise-curves-legend').textContent()).toContain('epoch 9/100')
    })
  })

  it('tells how runs stand: training, failed with the reason, without a step, deleted', async () => {
    const curves = await openRuns()
    const legend = curves.page.locator('foldwise-curves-legend')
    await legend.getByText('training · epoch 3/100').waitFor()
    await legend.getByText(`failed · epoch 1/100: ${trouble}`).waitFor()
    await legend.getByText('baseline · finished').waitFor()
    await curves.send({ type: 'add', run: syntheticRun(3, 0) })
    await legend.getByText('training · no step yet').waitFor()
    await curves.send({ type: 'remove', run: syntheticFacts(0).id, reason: 'deleted' })
    await legend.getByText('deleted').waitFor()
    await curves.settle()
    expect(await curves.painted('score', blue)).toBe(0)
    await legend.getByText('deleted').waitFor({ state: 'detached', timeout: 15_000 })
    expect(await legend.locator('tbody').count()).toBe(3)
  })

  it('says why a chart is empty', async () => {
    const curves = await open()
    await curves.send({ type: 'hydrate', selection, runs: [syntheticRun(0, 0)] })
    await curves.page.getByText('Waiting for the first step…').first().waitFor()
    await curves.page.getByText('Waiting for the first validation…').waitFor()
    await curves.send({ type: 'facts', facts: syntheticFacts(0, { phase: 'failed', trouble }) })
    await curves.page.getByText('Nothing was measured.').first().waitFor()
  })

  it('switches runs off in the legend, and remembers it', async () => {
    const curves = await openRuns()
    const { page } = curves
    await page.locator('foldwise-curves-legend tbody').first().locator('vscode-checkbox').click()
    await curves.settle()
    expect(await curves.painted('score', blue)).toBe(0)
    await vi.waitFor(async () => {
      expect(await curves.remembered()).toMatchObject({ selection, hidden: [runKey(syntheticFacts(0).id)] })
    })
    const again = await openRuns({ state: await curves.remembered() })
    expect(await again.painted('score', blue)).toBe(0)
    await page.locator('foldwise-curves-legend thead vscode-checkbox').click()
    await curves.settle()
    expect(await curves.painted('score', blue)).toBeGreaterThan(0.0001)
  })

  it('shows values and conditions of the run under the pointer, in all charts at the same place', async () => {
    const curves = await openRuns()
    const { page } = curves
    const area = (await page.locator('foldwise-chart.loss .u-over').boundingBox())!
    await page.mouse.move(area.x + area.width / 2, area.y + area.height - 4)
    const tooltip = page.locator('.tooltip')
    await tooltip.getByText('trial0.f0.s0').waitFor()
    expect(await tooltip.textContent()).toMatch(/step 15\d · epoch 1\.5 · 0:3\d/)
    await tooltip.getByText('lr: 0.001 → 0.001').waitFor()
    await page.getByText(/^At step 15\d$/).waitFor()
    const places = await page
      .locator('.u-cursor-x')
      .evaluateAll((lines) => lines.map((line) => line.getBoundingClientRect().x))
    expect(new Set(places.map(Math.round)).size).toBe(1)
    await page.mouse.move(5, 5)
    await tooltip.waitFor({ state: 'detached' })
    await page.getByText('Last values').waitFor()
  })

  it('zooms into what was dragged over, in all charts, and out with a double click', async () => {
    const curves = await openRuns()
    const { page } = curves
    const area = (await page.locator('foldwise-chart.score .u-over').boundingBox())!
    const middle = area.y + area.height / 2
    await page.mouse.move(area.x + area.width * 0.25, middle)
    await page.mouse.down()
    await page.mouse.move(area.x + area.width * 0.5, middle, { steps: 4 })
    await page.mouse.up()
    await vi.waitFor(async () => {
      const { zoom } = (await curves.remembered()) as { zoom: { min: number; max: number } }
      expect(zoom.min).toBeCloseTo(0.25 * 304.5, -1)
      expect(zoom.max).toBeCloseTo(0.5 * 304.5, -1)
    })
    await page.locator('.reset-zoom').waitFor()
    await page.mouse.dblclick(area.x + area.width / 2, middle)
    await page.locator('.reset-zoom').waitFor({ state: 'hidden' })
  })

  it('is read with the keyboard alone, and says what it reads', async () => {
    const curves = await openRuns()
    const { page } = curves
    await page.locator('foldwise-chart.score .plot').focus()
    await page.keyboard.press('End')
    await page.keyboard.press('ArrowLeft')
    const said = page.locator('[role=status]')
    await said.getByText(/^trial0\.f0\.s0, step 200 · epoch 2 · 0:50,.* mIoU 0\.\d{3}/).waitFor()
    await page.keyboard.press('ArrowDown')
    await said.getByText(/^trial1\.f0\.s0, step 100/).waitFor()
    await page.keyboard.press('Enter')
    expect(curves.received.at(-1)).toEqual({ type: 'open-overlay', run: syntheticFacts(1).id })
    await page.keyboard.press('+')
    await page.locator('.reset-zoom').waitFor()
    await page.keyboard.press('0')
    await page.locator('.reset-zoom').waitFor({ state: 'hidden' })
  })

  it('announces what becomes of runs, not their points', async () => {
    const curves = await openRuns()
    const said = curves.page.locator('[role=status]')
    await curves.send({
      type: 'append',
      appended: [{ run: syntheticFacts(0).id, columns: syntheticColumns(0, 300, 400) }],
    })
    await curves.settle()
    expect(await said.textContent()).toBe('')
    await curves.send({ type: 'facts', facts: syntheticFacts(0, { phase: 'finished' }) })
    await said.getByText('trial0.f0.s0: finished').waitFor()
  })

  it('has the same values as a table, per epoch and per step', async () => {
    const curves = await openRuns()
    const { page } = curves
    await page.getByRole('radio', { name: 'Table' }).check()
    const table = page.locator('foldwise-curves-table table')
    await table.waitFor()
    expect(await table.locator('thead').textContent()).toContain('IoU of square')
    expect(await table.locator('tbody tr').count()).toBe(3 + 1 + 3)
    await page.getByRole('radio', { name: 'Steps' }).check()
    expect(await table.locator('tbody tr').count()).toBe(100)
    await page.getByLabel('Last rows').click()
    await page.getByText('701 to 720 of 720').waitFor()
    expect(await table.locator('tbody tr').last().textContent()).toContain('baseline.f0.s0')
    await vi.waitFor(async () => {
      expect(await curves.remembered()).toMatchObject({ layout: 'table', tableRows: 'steps' })
    })
    expect(await curves.violations()).toEqual([])
    await page.getByRole('radio', { name: 'Charts' }).check()
    await curves.settle()
    expect(await curves.painted('loss', blue)).toBeGreaterThan(0.0001)
  })

  it('shows another score, one class of all runs, or all classes of one', async () => {
    const curves = await openRuns()
    const { page } = curves
    const select = page.locator('foldwise-chart.score vscode-single-select')
    await select.click()
    await page.getByRole('option', { name: 'IoU of every class' }).click()
    await page.locator('.class-label', { hasText: 'square' }).waitFor()
    await curves.settle()
    expect(await select.evaluate((element: HTMLElement & { value: string }) => element.value)).toContain('every class')
    await vi.waitFor(async () => {
      const again = (await curves.remembered()) as { readonly score: unknown }
      expect(again.score).toEqual({ kind: 'every class' })
    })
    const reloaded = await openRuns({ state: await curves.remembered() })
    const chosen = reloaded.page.locator('foldwise-chart.score vscode-single-select')
    await vi.waitFor(async () => {
      expect(await chosen.evaluate((element: HTMLElement & { value: string }) => element.value)).toContain(
        'every class',
      )
    })
  })

  it.each([
    ['dark', 'vscode-dark'],
    ['light', 'vscode-light'],
    ['highContrast', 'vscode-high-contrast'],
  ] as const)('can be used by everybody in the %s theme', async (theme, bodyClass) => {
    const curves = await openRuns({ variables: curvesThemes[theme], bodyClass })
    expect(await curves.violations()).toEqual([])
    await curves.page.locator('foldwise-curves-legend tbody button').first().click()
    await curves.page.locator('foldwise-chart.loss .plot').focus()
    await curves.page.keyboard.press('End')
    await curves.page.locator('.tooltip').waitFor()
    expect(await curves.violations()).toEqual([])
  })

  it('stays on the page where it is narrow', async () => {
    const curves = await openRuns({ size: { width: 380, height: 700 } })
    const overflow = await curves.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    expect(overflow).toBeLessThanOrEqual(0)
    expect(await curves.painted('loss', blue)).toBeGreaterThan(0.0001)
  })

  it('speaks the language of VS Code', async () => {
    const curves = await openRuns({ texts: { Loss: '손실', 'epoch {0}': '에포크 {0}', training: '학습 중' } })
    await curves.page.getByRole('heading', { name: '손실' }).waitFor()
    await curves.page.getByText('학습 중 · 에포크 3/100').waitFor()
  })

  it('shows twenty runs of ten thousand steps while they grow', async () => {
    const curves = await open()
    expect(await curves.frames()).toEqual({ frames: 0, seconds: 0 })
    await curves.stream(20, 9_000, 10_000, 2)
    const legend = curves.page.locator('foldwise-curves-legend')
    await vi.waitFor(
      async () => {
        expect(await legend.locator('tbody').last().textContent()).toContain('epoch 100/100')
      },
      { timeout: 30_000 },
    )
    const { frames, seconds } = await curves.frames()
    expect(frames).toBeGreaterThan(0)
    expect(seconds).toBeGreaterThan(1)
    expect(await curves.painted('loss', blue)).toBeGreaterThan(0)
  })
})
