import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { decode, encode } from 'fast-png'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import type { AnswerOf } from '../../src/protocol/questions.ts'
import { foldwise } from './program.ts'
import { temporaryFolder, tiny, tinyProject, writeExperiment } from './project.ts'
import { ServeClient } from './serveClient.ts'

const first = 'scene00_0000.png'

/** Width and height of a picture in base64, and its channels' mean values. */
async function look(
  image: string,
): Promise<{ width: number; height: number; means: readonly number[]; format: string }> {
  const picture = sharp(Buffer.from(image, 'base64'))
  const { width, height, format } = await picture.metadata()
  const { channels } = await picture.stats()
  return { width, height, format, means: channels.slice(0, 3).map(({ mean }) => mean) }
}

function writeMask(project: string, name: string, values: Uint8Array, width = 64): void {
  const png = encode({ width, height: values.length / width, data: values, depth: 8, channels: 1 })
  writeFileSync(join(project, 'masks', name), png)
}

function pixelsOf({ classes }: AnswerOf<'picture'>): Readonly<Record<string, number>> {
  return Object.fromEntries(classes.map(({ name, pixels }) => [name, pixels]))
}

describe('picture', () => {
  it('shows an image with its mask over it, and counts the pixels of the whole mask', async () => {
    const project = await tinyProject()
    const client = new ServeClient()
    writeMask(project, first, new Uint8Array(64 * 64).fill(1, 0, 1000))
    const file = join(project, 'images', first)
    const answer = await client.ask<'picture'>({ type: 'picture', file, root: project, longestSide: 32 })
    expect(answer).toMatchObject({ mimeType: 'image/jpeg', width: 64, height: 64 })
    expect(answer).not.toHaveProperty('note')
    expect(await look(answer.image)).toMatchObject({ width: 32, height: 32, format: 'jpeg' })
    expect(pixelsOf(answer)).toEqual({ background: 3096, disc: 1000, square: 0, triangle: 0, ring: 0 })
    expect(answer.classes[1].color).toBe('#e69f00')

    writeMask(project, first, new Uint8Array(64 * 64).fill(1))
    const [before, after] = [
      answer,
      await client.ask<'picture'>({ type: 'picture', file, root: project, longestSide: 32 }),
    ]
    const [[, , blueBefore], [, , blueAfter]] = [(await look(before.image)).means, (await look(after.image)).means]
    expect(blueAfter).toBeLessThan(blueBefore)
  })

  it('shows a mask over its image as the image with its mask', async () => {
    const project = await tinyProject()
    const client = new ServeClient()
    const of = (folder: string) => client.ask<'picture'>({ type: 'picture', file: join(project, folder, first), root: project, longestSide: 64 }) // prettier-ignore
    const [image, mask] = [await of('images'), await of('masks')]
    expect(mask.image).toBe(image.image)
    expect(mask.classes).toEqual(image.classes)
  })

  it('shows a mask without an image in the colours of its classes', async () => {
    const project = await tinyProject()
    copyFileSync(join(project, 'masks', first), join(project, 'masks', 'alone.png'))
    const question = {
      type: 'picture',
      file: join(project, 'masks', 'alone.png'),
      root: project,
      longestSide: 48,
    } as const
    const answer = await new ServeClient().ask<'picture'>(question)
    expect(answer).toMatchObject({ mimeType: 'image/png', note: 'No image was found for this mask.' })
    const { palette, width } = decode(Buffer.from(answer.image, 'base64'))
    expect(width).toBe(48)
    expect(palette?.[1].slice(0, 3)).toEqual([0xe6, 0x9f, 0x00])
  })

  it('shows an image plainly, with the reason, where no mask goes with it', async () => {
    const project = await tinyProject()
    const client = new ServeClient()
    const [bare, stray] = [temporaryFolder(), join(project, 'stray.png')]
    copyFileSync(join(project, 'images', first), join(project, 'images', 'alone.png'))
    copyFileSync(join(project, 'images', first), stray)
    const noteOf = async (file: string, root?: string): Promise<string | undefined> => {
      const answer = await client.ask<'picture'>({ type: 'picture', file, root, longestSide: 64 })
      expect(answer.classes).toEqual([])
      return answer.note
    }
    expect(await noteOf(join(project, 'images', 'alone.png'), project)).toContain('No mask was found')
    expect(await noteOf(stray, project)).toContain('neither an image nor a mask')
    expect(await noteOf(stray)).toContain('no project')
    expect(await noteOf(stray, bare)).toContain('outside the project')
    copyFileSync(stray, join(bare, 'a.png'))
    expect(await noteOf(join(bare, 'a.png'), bare)).toContain('there is no project here')
  })

  it('finds a mask that has come since', async () => {
    const project = await tinyProject()
    const client = new ServeClient()
    const image = join(project, 'images', 'new.png')
    copyFileSync(join(project, 'images', first), image)
    const ask = () => client.ask<'picture'>({ type: 'picture', file: image, root: project, longestSide: 64 })
    expect((await ask()).note).toContain('No mask')
    copyFileSync(join(project, 'masks', first), join(project, 'masks', 'new.png'))
    expect(await ask()).not.toHaveProperty('note')
  })

  it('stays under 70,000 characters whatever it shows', async () => {
    const project = await tinyProject()
    const side = 1400
    let state = 1
    // A picture of noise, which hardly packs.
    const noise = Uint8Array.from({ length: side * side * 3 }, () => (state = (state * 48271) % 2147483647) & 255)
    const image = encode({ width: side, height: side, data: noise, depth: 8, channels: 3 })
    writeFileSync(join(project, 'images', first), image)
    writeMask(
      project,
      first,
      Uint8Array.from(noise.subarray(0, side * side), (value) => value % 5),
      side,
    )
    const client = new ServeClient()
    const ask = (folder: string, name: string) => client.ask<'picture'>({ type: 'picture', file: join(project, folder, name), root: project, longestSide: 1024 }) // prettier-ignore
    const answer = await ask('images', first)
    expect(answer.image.length).toBeLessThan(70_000)
    expect(answer.width).toBe(side)
    copyFileSync(join(project, 'masks', first), join(project, 'masks', 'alone.png'))
    const labels = await ask('masks', 'alone.png')
    expect(labels).toMatchObject({ mimeType: 'image/png' })
    expect(labels.image.length).toBeLessThan(70_000)
  })

  it('says what is wrong with the mask of a good image', async () => {
    const project = await tinyProject()
    const client = new ServeClient()
    const ask = (folder: string) => client.ask<'picture'>({ type: 'picture', file: join(project, folder, first), root: project, longestSide: 64 }) // prettier-ignore
    writeMask(project, first, new Uint8Array(64 * 64).fill(9, 0, 12))
    for (const folder of ['images', 'masks'])
      expect(await ask(folder)).toMatchObject({ classes: [], note: expect.stringContaining('9 (12 pixels)') as string })
    writeMask(project, first, new Uint8Array(32 * 64))
    expect((await ask('images')).note).toContain('training refuses this pair')
    truncateSync(join(project, 'masks', first), 60)
    expect((await ask('images')).note).toContain('damaged')
  })

  it('fails for a damaged image, a huge header, a text and a link out of the workspace', async () => {
    const project = await tinyProject()
    const client = new ServeClient()
    const codeOf = async (name: string): Promise<unknown> => {
      const file = join(project, 'images', name)
      const answer = await client.askAny({ type: 'picture', file, root: project, longestSide: 64 })
      return answer.type === 'failed' ? answer.code : answer.type
    }
    const bytes = readFileSync(join(project, 'images', first))
    const write = (name: string, content: Buffer | string): void => {
      writeFileSync(join(project, 'images', name), content)
    }
    write('damaged.png', Buffer.concat([bytes.subarray(0, 200), Buffer.alloc(100), bytes.subarray(300)]))
    expect(await codeOf('damaged.png')).toBe('broken-image')
    const huge = Buffer.from(bytes)
    huge.writeUInt32BE(900_000, 16)
    huge.writeUInt32BE(900_000, 20)
    write('huge.png', huge)
    expect(await codeOf('huge.png')).toBe('image-too-large')
    write('text.png', 'not a picture')
    expect(await codeOf('text.png')).toBe('not-an-image')
    mkdirSync(join(project, 'images', 'folder.png'))
    expect(await codeOf('folder.png')).toBe('not-a-file')
    expect(await codeOf('none.png')).toBe('not-found')
    const outside = join(temporaryFolder(), 'secret.png')
    writeFileSync(outside, bytes)
    symlinkSync(outside, join(project, 'images', 'link.png'))
    expect(await codeOf('link.png')).toBe('outside-workspace')
    expect(client.stderr).toBe('')
  })
})

describe('pictures of a run', () => {
  const run = 'tiny.f0.s0'

  /** A project with a run of one epoch that has predicted at another size than that of the images. */
  async function trained(): Promise<{ project: string; image: string; prediction: string }> {
    const project = await tinyProject()
    writeExperiment(project, 'tiny', { ...tiny, data: { ...tiny.data, image_size: [32, 48] }, train: { epochs: 1 } })
    const { code, stderr } = await foldwise(['train', 'tiny', '--fold', '0', '--project', project])
    if (code !== 0) throw new Error(stderr)
    const folder = join(project, 'foldwise', 'runs', run, 'predictions')
    const [stored] = readdirSync(folder).sort()
    return { project, image: stored.replace(/\.png$/, ''), prediction: join(folder, stored) }
  }

  it('bring photograph, truth and prediction to the size of the image', async () => {
    const { project, image, prediction } = await trained()
    const client = new ServeClient()
    const answer = await client.ask<'layers'>({ type: 'layers', root: project, run, image })
    expect(answer).toMatchObject({ width: 64, height: 64, mimeType: 'image/png' })
    expect(answer.classes?.map(({ name }) => name)).toEqual(['background', 'disc', 'square', 'triangle', 'ring'])
    const layer = (text: string | null) => decode(Buffer.from(text!, 'base64'))
    const [photograph, truth, predicted] = [answer.image, answer.truth, answer.prediction].map(layer)
    expect([...photograph.data]).toEqual([...decode(readFileSync(join(project, 'images', image))).data])
    expect([...truth.data]).toEqual([...decode(readFileSync(join(project, 'masks', image))).data])
    expect(predicted).toMatchObject({ width: 64, height: 64, depth: 8, channels: 1 })
    const stored = decode(readFileSync(prediction)).data
    const nearest = Array.from({ length: 64 * 64 }, (_, i) => stored[Math.floor(Math.floor(i / 64) / 2) * 48 + Math.floor(((i % 64) * 48) / 64)]) // prettier-ignore
    expect([...predicted.data]).toEqual(nearest)

    const picture = await client.ask<'prediction-picture'>({ type: 'prediction-picture', root: project, run, image, longestSide: 100 }) // prettier-ignore
    expect(picture).toMatchObject({ mimeType: 'image/jpeg', width: 64, height: 64 })
    expect(await look(picture.image)).toMatchObject({ width: 100, height: 48 })
    const counts = answer.classes!.map((_, index) => nearest.filter((label) => label === index).length)
    expect(picture.classes.map(({ pixels }) => pixels)).toEqual(counts)
  })

  it('do without what cannot be read, and say so', async () => {
    const { project, image, prediction } = await trained()
    const client = new ServeClient()
    const layers = () => client.ask<'layers'>({ type: 'layers', root: project, run, image })
    const picture = { type: 'prediction-picture', root: project, run, image, longestSide: 100 } as const
    rmSync(join(project, 'masks', image))
    copyFileSync(join(project, 'images', image), join(project, 'masks', image))
    expect(await layers()).toMatchObject({
      truth: null,
      note: expect.stringContaining('The mask is not shown') as string,
    })
    const { note, image: drawn } = await client.ask<'prediction-picture'>(picture)
    expect(note).toContain('Errors are not shown')
    expect(await look(drawn)).toMatchObject({ width: 64, height: 64 })
    truncateSync(prediction, 50)
    expect(await layers()).toMatchObject({ prediction: null })
    expect(await client.askAny(picture)).toMatchObject({ type: 'failed', code: 'broken-image' })
    rmSync(join(project, 'foldwise', 'runs', run, 'predictions'), { recursive: true })
    expect(await layers()).toMatchObject({
      prediction: null,
      note: expect.stringContaining('has no prediction') as string,
    })
    expect(await client.askAny(picture)).toMatchObject({ type: 'failed', code: 'no-prediction' })
  })

  it('show an image that has lost its mask as one without truth, and again with it when it is back', async () => {
    const { project, image } = await trained()
    const client = new ServeClient()
    const layers = () => client.ask<'layers'>({ type: 'layers', root: project, run, image })
    const [mask, away] = [join(project, 'masks', image), join(project, 'masks-away')]
    const whole = await layers()
    expect(whole).not.toHaveProperty('isMaskMissing')
    renameSync(mask, join(project, 'mask.png'))
    const bare = await layers()
    expect(bare).toEqual({ ...whole, id: bare.id, truth: null, isMaskMissing: true })
    const picture = { type: 'prediction-picture', root: project, run, image, longestSide: 100 } as const
    const { note } = await client.ask<'prediction-picture'>(picture)
    expect(note).toContain('Errors are not shown: this image has no mask')
    renameSync(join(project, 'mask.png'), mask)
    expect(await layers()).toEqual({ ...whole, id: expect.any(Number) as number })

    // Of all images, and of the whole folder, which may lie on a disk that is not there.
    renameSync(join(project, 'masks'), away)
    expect(await layers()).toMatchObject({ truth: null, note: expect.stringContaining('masks') as string })
    mkdirSync(join(project, 'masks'))
    expect(await layers()).toMatchObject({ truth: null, isMaskMissing: true, prediction: whole.prediction })
    rmSync(join(project, 'images', image))
    expect(await client.askAny({ type: 'layers', root: project, run, image })).toMatchObject({ code: 'unknown-image' })
  })

  it('fail for names that lead elsewhere', async () => {
    const { project, image } = await trained()
    const client = new ServeClient()
    const codeOf = async (question: object): Promise<unknown> => {
      const answer = await client.askAny({ type: 'layers', root: project, run, image, ...question })
      return answer.type === 'failed' ? answer.code : answer.type
    }
    expect(await codeOf({ image: '../../secret.png' })).toBe('unknown-image')
    expect(await codeOf({ image: `../masks/${image}` })).toBe('unknown-image')
    symlinkSync(temporaryFolder(), join(project, 'images', 'away'))
    expect(await codeOf({ image: 'away/a.png' })).toBe('outside-workspace')
    expect(await codeOf({ run: '../runs' })).toBe('unknown-run')
    expect(await codeOf({ run: 'tiny.f3.s0' })).toBe('unknown-run')
    expect(await codeOf({ root: temporaryFolder() })).toBe('no-project')
    const predictions = join(project, 'foldwise', 'runs', run, 'predictions')
    rmSync(predictions, { recursive: true })
    symlinkSync(temporaryFolder(), predictions)
    expect(await client.askAny({ type: 'prediction-picture', root: project, run, image, longestSide: 64 })).toMatchObject({ code: 'outside-workspace' }) // prettier-ignore
  })
})
