import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { describeUserError, UserError } from '../../src/core/errors.ts'
import { countClassPixels } from '../../src/data/classPixels.ts'
import { decodeImage } from '../../src/data/decodeImage.ts'
import { summarizeWarnings } from '../../src/data/fileWarnings.ts'
import { pairFolders, type ImagePair } from '../../src/data/folders.ts'
import { readPairSizes } from '../../src/data/pairSizes.ts'
import { describeWithShared } from '../shared.ts'
import { rulesOf, type SharedClass } from './dataset.ts'

interface Quirk {
  readonly id: string
  readonly folder: string
  readonly layout: string
  readonly classes: readonly SharedClass[]
  readonly ignore_index: number | null
  readonly action: 'load' | 'warn' | 'refuse'
  readonly message_must_name?: readonly string[]
  readonly may_refuse?: readonly string[]
  readonly images?: readonly QuirkImage[]
  readonly channel_mean_01?: number
}

interface QuirkImage {
  readonly image: string
  readonly mask: string
  readonly width?: number
  readonly height?: number
  readonly class_pixels?: Readonly<Record<string, number>>
  readonly rgb_mean_01?: readonly number[]
  readonly usable: boolean
}

/** Entries of this layout that other parts of the product answer. */
const elsewhere: Readonly<Record<string, string>> = {
  duplicates: 'similar images are found by the doctor',
  'split-overlap': 'split lists are no part of reading folders',
  'tiny-1x1': 'whether a size suits the network is said by the trainer',
  'ids-0-to-255': 'label 255 of a decoded mask means ignored, so 255 classes are the most',
}

/** Everything that reading a pair says. Faults of one pair do not hide those of others. */
async function survey(pairs: readonly ImagePair[], quirk: Quirk): Promise<string[]> {
  const rules = rulesOf(quirk.classes, quirk.ignore_index)
  const messages: string[] = []
  const note = async (action: () => Promise<readonly string[]>): Promise<void> => {
    try {
      messages.push(...(await action()))
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      messages.push(describeUserError(error))
    }
  }
  await note(async () => (await readPairSizes(pairs), []))
  for (const { image } of pairs)
    await note(async () => summarizeWarnings([{ file: image, ...(await decodeImage(image)) }]))
  await note(async () => (await countClassPixels(pairs.map(({ mask }) => mask), rules)).warnings) // prettier-ignore
  return messages
}

describeWithShared('trouble makers', 'data/format-quirks', (folder) => {
  if (folder === '') return
  const listed = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Record<string, unknown>
  const quirks = Object.values(listed).filter(Array.isArray).flat() as Quirk[]
  const inScope = quirks.filter(
    ({ id, layout }) => layout === 'images/ + masks/, paired by file stem' && !(id in elsewhere),
  )

  it.each(inScope.map((quirk) => [quirk.id, quirk.action, quirk] as const))('%s: %s', async (_id, action, quirk) => {
    const root = join(folder, quirk.folder)
    let messages: string[]
    let pairs: readonly ImagePair[] = []
    try {
      const found = await pairFolders({ root, images: 'images', masks: 'masks', allowUnpaired: true })
      pairs = found.pairs
      messages = [...found.warnings, ...(await survey(pairs, quirk))]
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      messages = [describeUserError(error)]
    }
    // A refused image leaves its mask behind: both are named by the stem.
    const stems = (quirk.may_refuse ?? []).map((name) => `/${name.split('.')[0]}.`)
    const excused = messages.filter((message) => !stems.some((stem) => message.includes(stem)))
    if (action === 'load') expect(excused).toEqual([])
    const all = messages.join('\n')
    for (const name of quirk.message_must_name ?? []) expect(all).toContain(name)

    for (const wanted of quirk.images ?? []) {
      if (!wanted.usable || (quirk.may_refuse ?? []).some((name) => wanted.image.endsWith(name))) continue
      const pair = pairs.find(
        ({ image, mask }) => image === join(root, wanted.image) && mask === join(root, wanted.mask),
      )
      expect(pair, wanted.image).toBeDefined()
      await expectUsable(pair!, wanted, quirk)
    }
  })

  async function expectUsable(pair: ImagePair, wanted: QuirkImage, quirk: Quirk): Promise<void> {
    const [size] = await readPairSizes([pair])
    const decoded = await decodeImage(pair.image)
    expect([decoded.height, decoded.width]).toEqual([size.height, size.width])
    if (wanted.width !== undefined) expect([size.width, size.height]).toEqual([wanted.width, wanted.height])
    const means = channelMeans(decoded.image)
    if (wanted.rgb_mean_01 !== undefined) means.forEach((mean, c) => { expect(mean).toBeCloseTo(wanted.rgb_mean_01![c], 6) }) // prettier-ignore
    if (quirk.channel_mean_01 !== undefined)
      for (const mean of means) expect(mean).toBeCloseTo(quirk.channel_mean_01, 6)
    if (wanted.class_pixels === undefined) return
    const rules = rulesOf(quirk.classes, quirk.ignore_index)
    const { pixels, ignored } = await countClassPixels([pair.mask], rules)
    const ours = Object.fromEntries<number>(
      rules.classes.ids.map((id, c) => [String(id), pixels[c]] as const).filter(([, count]) => count !== 0),
    )
    const ignoredId = String(quirk.ignore_index ?? 255)
    expect(ignored === 0 ? ours : { ...ours, [ignoredId]: ignored }).toEqual(
      Object.fromEntries(Object.entries(wanted.class_pixels).filter(([, count]) => count > 0)),
    )
    await expectLikeReference(decoded.image, join(folder, quirk.folder, 'reference.png'))
  }
})

/** Where the folder has the plain picture beside it, an unusual file must look like it (CMYK and JPEG lose the most). */
async function expectLikeReference(image: Uint8Array, reference: string): Promise<void> {
  if (!existsSync(reference)) return
  const wanted = (await decodeImage(reference)).image
  const difference = image.reduce((sum, v, i) => sum + Math.abs(v - wanted[i]), 0) / image.length
  expect(difference).toBeLessThan(4)
}

function channelMeans(image: Uint8Array): number[] {
  const sums = [0, 0, 0]
  image.forEach((v, i) => (sums[i % 3] += v))
  return sums.map((sum) => sum / (image.length / 3) / 255)
}
