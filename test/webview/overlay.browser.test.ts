import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { bundle, describeWithChromium, launch, OverlayPage, type PageOptions } from './overlay/overlayPage.ts'
import { greyPng, subject, testLayers, testRun, wellBehaved } from './overlay/overlayRuns.ts'
import { themes } from './overlay/themes.ts'

/** Of the images in the list. */
const names = '[role=listbox][aria-label=Images] .name'
const white = [255, 255, 255, 255]
const disc = [0xe6, 0x9f, 0x00, 255]
const square = [0x56, 0xb4, 0xe9, 255]
/** Everything opaque, so that colours are what they are. */
const opaque = { ...subject, opacity: 1 }

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
      await overlay.page.close()
      expect(overlay.complaints).toEqual([])
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

  /** Opens the view and waits for the worst image, drawn, with its baseline. */
  async function openImage(options: PageOptions = {}): Promise<OverlayPage> {
    const overlay = await open(options)
    await overlay.shows('image10.png')
    return overlay
  }

  it('decodes all 256 values of a label map exactly', async () => {
    const values = Uint8Array.from({ length: 256 }, (_, value) => value)
    const decoder = await bundle('webview/overlay/picture/decodeLabels.ts')
    const { page } = await open()
    const decoded = await page.evaluate(
      async ({ code, base64 }) => {
        const script = `${code.replace(/export \{[^}]*\};?/, '')}; decodeLabels`
        const decode = eval(script) as (png: Uint8Array) => Promise<{ labels: Uint8Array }>
        const { labels } = await decode(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)))
        return [...labels]
      },
      { code: decoder.get('view.js')!, base64: Buffer.from(greyPng(values, 16, 16)).toString('base64') },
    )
    expect(decoded).toEqual([...values])
  })

  it('begins with the worst image and asks for the next one to be made ready', async () => {
    const { page, received } = await openImage()
    expect(received).toEqual([{ type: 'ready' }, { type: 'show', image: 'image10.png', next: 'image2.png' }])
    expect(await page.locator(names).allTextContents()).toEqual(['image10.png', 'image2.png', 'easy.png'])
    expect(await page.locator('.position').textContent()).toBe('1 / 3')
    expect(await page.locator('[role=status]').textContent()).toContain('image10.png, 1 of 3, mIoU 0.500')
  })

  it('colours truth, prediction and errors pixel by pixel', async () => {
    const overlay = await openImage({ state: opaque })
    const [left, right, middle] = [0.3, 0.7, 0.5]
    expect(await overlay.colorAt('image', left, middle)).toEqual(white)
    expect(await overlay.colorAt('truth', left, middle)).toEqual(disc)
    expect(await overlay.colorAt('truth', right, middle)).toEqual(square)
    expect(await overlay.colorAt('prediction', right, middle)).toEqual(disc)
    expect(await overlay.colorAt('errors', left, middle)).toEqual(white)
    expect(await overlay.colorAt('errors', right, middle)).toEqual([0xd5, 0x5e, 0x00, 255])
  })

  it('shows what was hit, missed and falsely found of one class alone', async () => {
    const overlay = await openImage({ state: opaque })
    await overlay.page.locator('vscode-toolbar-button[label="Only disc"] button').click()
    await overlay.isDrawn()
    expect(await overlay.colorAt('truth', 0.7, 0.5)).toEqual(white)
    expect(await overlay.colorAt('errors', 0.3, 0.5)).toEqual([0x56, 0xb4, 0xe9, 255])
    expect(await overlay.colorAt('errors', 0.7, 0.5)).toEqual([0xd5, 0x5e, 0x00, 255])
    expect(await overlay.page.locator('.legend').allInnerTexts()).toEqual(['TP', 'FP', 'FN'])
    const errors = overlay.page.locator('foldwise-pane canvas').nth(3)
    expect(await errors.getAttribute('aria-label')).toContain('disc: 0 pixels missed, 120 falsely found')
  })

  it('goes through images, panes and magnifications by keys', async () => {
    const overlay = await openImage()
    const { page } = overlay
    await page.keyboard.press('n')
    await overlay.shows('image2.png')
    await page.keyboard.press('ArrowRight')
    await overlay.shows('easy.png')
    await page.keyboard.press('n')
    await page.keyboard.press('PageUp')
    await overlay.shows('image2.png')
    await page.keyboard.press('4')
    expect(await page.locator('foldwise-pane h2').allTextContents()).toEqual(['Errors'])
    await page.keyboard.press('4')
    expect(await page.locator('foldwise-pane').count()).toBe(4)
    const percent = page.locator('.zoom .percent')
    const fitting = await percent.textContent()
    await page.keyboard.press('+')
    expect(await percent.textContent()).not.toBe(fitting)
    await page.keyboard.press('0')
    expect(await percent.textContent()).toBe(fitting)
  })

  it('moves a magnified picture by arrows and dragging, the same in all panes', async () => {
    const overlay = await openImage({ state: { ...opaque, zoom: { scale: 200, centerX: 4, centerY: 8 } } })
    expect(await overlay.colorAt('truth', 0.5, 0.5)).toEqual(disc)
    await overlay.page.locator('foldwise-pane canvas').first().focus()
    for (let step = 0; step < 40; step++) await overlay.page.keyboard.press('ArrowRight')
    await overlay.isDrawn()
    expect(await overlay.colorAt('truth', 0.5, 0.5)).toEqual(square)
    expect(await overlay.page.locator('.position').textContent()).toBe('1 / 3')
    const box = (await overlay.page.locator('foldwise-pane canvas').nth(2).boundingBox())!
    for (let drag = 0; drag < 12; drag++) {
      await overlay.page.mouse.move(box.x + 10, box.y + 50)
      await overlay.page.mouse.down()
      await overlay.page.mouse.move(box.x + box.width - 10, box.y + 50)
      await overlay.page.mouse.up()
    }
    await overlay.isDrawn()
    expect(await overlay.colorAt('truth', 0.5, 0.5)).toEqual(disc)
  })

  it('reads the classes of the pixel under the pointer', async () => {
    const { page } = await openImage()
    const box = (await page.locator('foldwise-pane canvas').nth(1).boundingBox())!
    await page.mouse.move(box.x + box.width * 0.7, box.y + box.height * 0.5)
    const readout = page.locator('foldwise-readout')
    await readout.getByText('square → disc').waitFor()
    expect(await readout.locator('span').allTextContents()).toContain('baseline: square')
    expect(await page.locator('foldwise-pane .marker').count()).toBe(4)
  })

  it('shows the baseline’s prediction while space is held, and by turns after B', async () => {
    const overlay = await openImage({ state: opaque })
    const { page } = overlay
    const title = page.locator('foldwise-pane h2').nth(2)
    await page.keyboard.down(' ')
    await overlay.isDrawn()
    expect(await title.textContent()).toBe('Baseline’s prediction')
    expect(await overlay.colorAt('prediction', 0.3, 0.5)).toEqual(square)
    expect(await page.locator('.baseline-run').textContent()).toBe('baseline.f0.s0')
    await page.keyboard.up(' ')
    await overlay.isDrawn()
    expect(await overlay.colorAt('prediction', 0.3, 0.5)).toEqual(disc)
    await page.keyboard.press('b')
    await page.locator('foldwise-pane h2', { hasText: 'Baseline’s prediction' }).waitFor()
    await page.locator('foldwise-pane h2', { hasText: /^Prediction$/ }).waitFor()
    await page.locator('foldwise-pane h2', { hasText: 'Baseline’s prediction' }).waitFor()
  })

  it('turns by the key alone where motion is reduced', async () => {
    const overlay = await openImage({ reducedMotion: true })
    const title = overlay.page.locator('foldwise-pane h2').nth(2)
    await overlay.page.keyboard.press('b')
    await overlay.isDrawn()
    expect(await title.textContent()).toBe('Baseline’s prediction')
    await overlay.page.waitForTimeout(1200)
    expect(await title.textContent()).toBe('Baseline’s prediction')
    await overlay.page.keyboard.press('b')
    await overlay.isDrawn()
    expect(await title.textContent()).toBe('Prediction')
  })

  it('finds an image by its name and leaves letters to the search', async () => {
    const overlay = await openImage()
    const { page } = overlay
    await page.keyboard.press('/')
    await page.keyboard.type('2.pn')
    expect(await page.locator(names).allTextContents()).toEqual(['image2.png'])
    await page.keyboard.press('Enter')
    await overlay.shows('image2.png')
    await page.keyboard.press('Escape')
    expect(await page.locator(names).count()).toBe(3)
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('End')
    await overlay.shows('easy.png')
  })

  it('orders the images by the IoU of a class', async () => {
    const overlay = await openImage()
    await overlay.page.locator('vscode-single-select').click()
    await overlay.page.getByRole('option', { name: 'Best first' }).click()
    expect(await overlay.page.locator(names).first().textContent()).toBe('easy.png')
    expect(await overlay.page.locator('.position').textContent()).toBe('3 / 3')
  })

  it('remembers how it was looked at, and begins there again', async () => {
    const overlay = await openImage()
    const { page } = overlay
    await page.keyboard.press('n')
    await page.keyboard.press('3')
    await page.keyboard.press('[')
    await page.locator('foldwise-class-table vscode-checkbox').nth(1).click()
    await overlay.shows('image2.png')
    await page.waitForTimeout(300)
    const state = await overlay.remembered()
    expect(state).toMatchObject({
      ...subject,
      image: 'image2.png',
      panes: 'prediction',
      opacity: 0.5,
      hiddenClasses: ['background'],
    })
    const again = await open({ state })
    await again.shows('image2.png')
    expect(await again.page.locator('foldwise-pane h2').allTextContents()).toEqual(['Prediction'])
    expect(await again.page.locator('.percent').first().textContent()).toBe('50 %')
  })

  it('says what is missing, with what to do, and tries again', async () => {
    let isThere = false
    const overlay = await open({}, (message) => {
      if (message.type !== 'show') return wellBehaved(message)
      const { image } = message
      return isThere
        ? [testLayers(image, { truth: null, note: 'The mask is not shown: it is gone.' })]
        : [{ type: 'layers-failed', image, message: 'images/a.png: it is gone', hint: 'Put it back.' }]
    })
    const { page } = overlay
    await page.getByText('images/a.png: it is gone').waitFor()
    await page.getByText('Put it back.').waitFor()
    isThere = true
    await page.getByText('Try Again').click()
    await page.getByText('The mask is not shown: it is gone.').waitFor()
    await page.getByText('There is no mask that can be read.').waitFor()
    await page.getByText('Errors need a mask and a prediction.').waitFor()
  })

  it('shows an image without a mask and its prediction, and no empty panes', async () => {
    const overlay = await open({ state: opaque }, (message) =>
      message.type === 'show'
        ? wellBehaved(message).map((each) =>
            each.type === 'layers' && message.image === 'image10.png'
              ? testLayers(message.image, { truth: null, isMaskMissing: true })
              : each,
          )
        : wellBehaved(message),
    )
    const { page } = overlay
    await overlay.shows('image10.png')
    expect(await page.locator('foldwise-pane h2').allTextContents()).toEqual(['Image', 'Prediction'])
    expect(await page.locator('.note').innerText()).toBe(
      'This image has no mask: it is shown without truth and errors.',
    )
    expect(await page.locator('.missing').count()).toBe(0)
    expect(await overlay.colorAt('prediction', 0.7, 0.5)).toEqual(disc)
    const [left, right] = await page.locator('foldwise-pane canvas').all()
    expect((await left.boundingBox())!.height).toBeGreaterThan(500)
    expect((await left.boundingBox())!.width).toBeCloseTo((await right.boundingBox())!.width, 0)
    await page.keyboard.press('b')
    await page.locator('foldwise-pane h2', { hasText: 'Baseline’s prediction' }).waitFor()
    await page.keyboard.press('n')
    await overlay.shows('image2.png')
    expect(await page.locator('foldwise-pane').count()).toBe(4)
    expect(await page.locator('.note').count()).toBe(0)
  })

  it('says that a run is training, and shows it when its scores arrive', async () => {
    const overlay = await open({}, (message) =>
      message.type === 'ready'
        ? [{ type: 'empty', subject, empty: { reason: 'training', epoch: 0, epochs: 20 } }]
        : wellBehaved(message),
    )
    await overlay.page.getByText('cutout.f0.s0 is training and has no scores yet.').waitFor()
    await overlay.send({ type: 'run', subject, run: testRun() })
    await overlay.shows('image10.png')
    await overlay.send({ type: 'empty', subject, empty: { reason: 'gone' } })
    await overlay.page.getByText('cutout.f0.s0 does not exist any more').waitFor()
    await overlay.page.getByText('Choose a Run…').click()
    await overlay.page.waitForTimeout(100)
    expect(overlay.received.at(-1)).toEqual({ type: 'choose-run' })
  })

  it.each([
    ['dark', 'vscode-dark', themes.dark],
    ['light', 'vscode-light', themes.light],
    ['high contrast', 'vscode-high-contrast', themes.highContrast],
  ])('has no fault of accessibility in a %s theme', async (_, bodyClass, variables) => {
    const overlay = await openImage({ bodyClass, variables })
    await overlay.page.locator('details summary').click()
    await overlay.page.locator('vscode-toolbar-button[label="Only disc"] button').click()
    expect(await overlay.violations()).toEqual([])
    await overlay.page.keyboard.press('?')
    expect(await overlay.violations()).toEqual([])
  })

  it('tells errors apart by lines too in high contrast', async () => {
    const overlay = await openImage({
      state: opaque,
      bodyClass: 'vscode-high-contrast',
      variables: themes.highContrast,
    })
    const reds: number[] = []
    for (let share = 0.65; share < 0.7; share += 0.001) reds.push((await overlay.colorAt('errors', share, 0.5))[0])
    // Orange, and the black lines over it.
    expect(Math.max(...reds)).toBe(0xd5)
    expect(Math.min(...reds)).toBeLessThan(0x40)
  })

  it('shows large pictures of all panes at once in a small window', async () => {
    const { page } = await openImage({ size: { width: 420, height: 700 } })
    const boxes = await page.locator('foldwise-pane canvas').all()
    for (const canvas of boxes) expect((await canvas.boundingBox())!.width).toBeGreaterThan(150)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(420)
  })
})
