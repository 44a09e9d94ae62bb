import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { groupsOf } from '../../src/core/splits/groups.ts'
import { countClassPixels } from '../../src/data/classPixels.ts'
import { pairFolders } from '../../src/data/folders.ts'
import { readPairSizes } from '../../src/data/pairSizes.ts'
import { writeSampleDataset } from '../../src/data/sample/sampleDataset.ts'
import { messageOf, rulesOf, temporaryFolder } from './dataset.ts'

const classes = ['background', 'disc', 'square', 'triangle', 'ring'].map((name, id) => ({ id, name }))

describe('writeSampleDataset', () => {
  it('writes pairs of one size with five classes, the rarest in a quarter of the pictures, in scenes of several', async () => {
    const root = temporaryFolder()
    const { names, groupPattern, dataset } = await writeSampleDataset(root, { count: 24, size: 96 })
    expect(dataset.classes.map(({ name }) => name)).toEqual(classes.map(({ name }) => name))
    const { pairs } = await pairFolders({ root, images: dataset.images, masks: dataset.masks })
    expect(pairs.map(({ name }) => name)).toEqual(names)
    expect(new Set((await readPairSizes(pairs)).map(({ height, width }) => `${height}x${width}`))).toEqual(
      new Set(['96x96']),
    )
    const found = await countClassPixels(pairs.map(({ mask }) => mask), rulesOf(classes, null)) // prettier-ignore
    expect(found.masks.at(-1)).toBe(6)
    expect(found.masks.toSorted((a, b) => b - a)).toEqual(found.masks)
    const total = found.pixels.reduce((a, b) => a + b)
    // A network that always says background: IoU = its share, 0 for the other four.
    expect(found.pixels[0] / total / 5).toBeLessThan(0.25)
    expect(new Set(groupsOf(names, groupPattern)).size).toBe(4)
  })

  it('gives the same bytes for the same seed and others for another', async () => {
    const [first, again, other] = [1, 1, 2].map((seed) => ({ seed, folder: temporaryFolder() }))
    for (const { folder, seed } of [first, again, other]) await writeSampleDataset(folder, { seed, count: 3, size: 48 })
    const bytesOf = (folder: string): string =>
      ['images', 'masks'].flatMap((part) => readdirSync(join(folder, part)).sort().map((name) => readFileSync(join(folder, part, name), 'hex'))).join() // prettier-ignore
    expect(bytesOf(first.folder)).toBe(bytesOf(again.folder))
    expect(bytesOf(first.folder)).not.toBe(bytesOf(other.folder))
  })

  it('does not write among other files', async () => {
    const root = temporaryFolder()
    await writeSampleDataset(root, { count: 1, size: 32 })
    expect(await messageOf(async () => writeSampleDataset(root))).toContain('not empty')
  })
})
