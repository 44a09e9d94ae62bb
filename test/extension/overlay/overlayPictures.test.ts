import { describe, expect, it } from 'vitest'
import { UserError } from '../../../src/core/errors.ts'
import type { LayersAnswer } from '../../../src/extension/panels/layerCache.ts'
import { OverlayPictures } from '../../../src/extension/panels/overlayPictures.ts'
import type { ToOverlay } from '../../../src/protocol/overlayMessages.ts'

const classes = [{ name: 'disc', color: '#e69f00' }]

function answerFor(image: string, changes: Partial<LayersAnswer> = {}): LayersAnswer {
  return {
    id: 1,
    type: 'layers',
    width: 1,
    height: 1,
    mimeType: 'image/png',
    image: Buffer.from(`photo of ${image}`).toString('base64'),
    truth: Buffer.from([1]).toString('base64'),
    prediction: Buffer.from([2]).toString('base64'),
    classes,
    ...changes,
  }
}

/** A host with a program that answers when the test lets it. */
function setUp(answers: (run: string, image: string) => LayersAnswer = (_, image) => answerFor(image)) {
  const asked: string[] = []
  const sent: ToOverlay[] = []
  const held: (() => void)[] = []
  let isHeld = false
  const pictures = new OverlayPictures({
    run: 'own',
    ask: async (run, image) => {
      asked.push(`${run} ${image}`)
      if (isHeld) await new Promise<void>((resolve) => held.push(resolve))
      return answers(run, image)
    },
    baselineOf: () => ({ run: 'base' }),
    send: (message) => sent.push(message),
  })
  const hold = (): void => {
    isHeld = true
  }
  const release = (): void => {
    isHeld = false
    for (const resolve of held.splice(0)) resolve()
  }
  return { asked, sent, pictures, hold, release }
}

const summary = (message: ToOverlay): string =>
  message.type === 'layers'
    ? `layers ${message.layers.image}`
    : 'image' in message
      ? `${message.type} ${message.image}`
      : message.type

describe('the pictures of an overlay', () => {
  it('come as bytes, then the baseline’s prediction; the next image is fetched ahead', async () => {
    const { asked, sent, pictures } = setUp()
    await pictures.show('a.png', 'b.png')
    expect(sent.map(summary)).toEqual(['layers a.png', 'baseline a.png'])
    expect(sent[0]).toMatchObject({ layers: { truth: Uint8Array.of(1), prediction: Uint8Array.of(2), classes } })
    // VS Code hands over arrays of their own, but no Buffers.
    expect(sent[0].type === 'layers' && sent[0].layers.photograph.constructor).toBe(Uint8Array)
    expect(sent[1]).toMatchObject({ baseline: { state: 'predicted', run: 'base', prediction: Uint8Array.of(2) } })
    expect(asked).toEqual(['own a.png', 'base a.png', 'own b.png'])
    await pictures.show('b.png', undefined)
    expect(asked).toEqual(['own a.png', 'base a.png', 'own b.png', 'base b.png'])
  })

  it('skips the images that nobody waits for any more', async () => {
    const { asked, sent, pictures, hold, release } = setUp()
    hold()
    const first = pictures.show('a.png', 'b.png')
    await pictures.show('b.png', 'c.png')
    await pictures.show('c.png', undefined)
    release()
    await first
    expect(sent.map(summary)).toEqual(['layers a.png', 'layers c.png', 'baseline c.png'])
    expect(asked).toEqual(['own a.png', 'own c.png', 'base c.png'])
  })

  it('says what is wrong with an image and asks again when it is shown again', async () => {
    let isMended = false
    const { asked, sent, pictures } = setUp((_, image) => {
      if (!isMended) throw new UserError('no such image', { file: 'images/a.png', hint: 'Put it back.' })
      return answerFor(image)
    })
    await pictures.show('a.png', undefined)
    expect(sent).toEqual([
      { type: 'layers-failed', image: 'a.png', message: 'images/a.png: no such image', hint: 'Put it back.' },
    ])
    isMended = true
    await pictures.show('a.png', undefined)
    expect(sent.slice(1).map(summary)).toEqual(['layers a.png', 'baseline a.png'])
    expect(asked).toEqual(['own a.png', 'own a.png', 'base a.png'])
  })

  it.each([
    ['with a note: its mask may have been mended', { truth: null, note: 'It is damaged.' }],
    ['without a mask: it may be back', { truth: null, isMaskMissing: true }],
  ])('asks again for an image %s', async (_, changes) => {
    const { asked, pictures } = setUp((run, image) => answerFor(image, run === 'own' ? changes : {}))
    await pictures.show('a.png', undefined)
    await pictures.show('a.png', undefined)
    expect(asked).toEqual(['own a.png', 'base a.png', 'own a.png'])
  })

  it('tells the view of a bug too, and throws it', async () => {
    const { sent, pictures } = setUp(() => {
      throw new Error('the program ended')
    })
    await expect(pictures.show('a.png', undefined)).rejects.toThrow('the program ended')
    expect(sent.map(summary)).toEqual(['layers-failed a.png'])
  })

  it.each([
    ['other classes', { classes: [{ name: 'ring', color: '#000000' }] }, { state: 'other-classes', run: 'base' }],
    ['a broken file', { prediction: null, note: 'It is damaged.' }, { state: 'unreadable', message: 'It is damaged.' }],
  ])('does not compare with a baseline of %s', async (_, changes, expected) => {
    const { sent, pictures } = setUp((run, image) => answerFor(image, run === 'base' ? changes : {}))
    await pictures.show('a.png', undefined)
    expect(sent[1]).toMatchObject({ baseline: expected })
  })

  it('keeps a few images, and forgets them when the run has changed', async () => {
    const { asked, pictures } = setUp()
    for (let index = 0; index < 12; index++) await pictures.show(`${index}.png`, undefined)
    asked.length = 0
    await pictures.show('11.png', undefined)
    expect(asked).toEqual([])
    await pictures.show('0.png', undefined)
    expect(asked).toEqual(['own 0.png', 'base 0.png'])
    pictures.forget()
    await pictures.show('0.png', undefined)
    expect(asked).toHaveLength(4)
  })
})
