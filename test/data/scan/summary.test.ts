import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { groupsOf } from '../../../src/core/splits/groups.ts'
import { pairFolders } from '../../../src/data/folders.ts'
import type { MaskRules } from '../../../src/data/maskRules.ts'
import { scanPairs, wholeScans, type WholeScan } from '../../../src/data/scan/scanPairs.ts'
import { summarizeDataset, summarizePart, type PartSummary } from '../../../src/data/scan/summary.ts'
import { describeWithShared, sharedPath } from '../../shared.ts'
import { rulesOf, temporaryFolder, type SharedClass } from '../dataset.ts'
import { examined } from './examined.ts'
import { writePair } from './pairs.ts'

/** Figures of a data set or a part of it, as the references write them. */
interface ExpectedPart {
  readonly images: number
  readonly image_sizes?: PartSummary['imageSizes']
  readonly channels?: string
  readonly mean?: readonly number[]
  readonly std?: readonly number[]
  readonly class_pixels: Readonly<Record<string, number>>
  readonly class_images?: Readonly<Record<string, number>>
}

interface Expected {
  readonly ignore_index: number | null
  readonly all: ExpectedPart & { readonly class_names: Readonly<Record<string, string>> }
  readonly splits?: Readonly<Record<string, ExpectedPart>>
  readonly groups?: Readonly<Record<string, ExpectedPart>>
  readonly raw_mask_values?: readonly number[]
}

/** Data sets that are two folders, and where theirs are. */
const folders = {
  camvid: [{ images: 'train', masks: 'trainannot' }, { images: 'val', masks: 'valannot' }],
  'isbi2012-em': [{ images: 'images', masks: 'masks' }],
} // prettier-ignore

describeWithShared('figures of real data sets', 'data/expected', (path) => {
  it.each(Object.entries(folders))('%s', async (dataset, parts) => {
    const expected = JSON.parse(readFileSync(join(path, `${dataset}.json`), 'utf8')) as Expected
    const names = Object.entries<string>(expected.all.class_names)
    // The masks' own values where they are not the ids.
    const classes = names.map(([id, name], i): SharedClass => ({
      id: expected.raw_mask_values?.[i] ?? Number(id),
      name,
    }))
    const rules = rulesOf(classes, expected.ignore_index)
    const root = sharedPath('data', dataset) ?? ''
    const all: WholeScan[] = []
    for (const part of parts) {
      const { pairs } = await pairFolders({ root, ...part })
      const scans = wholeScans(await scanPairs(pairs, { rules }))
      expect(scans).toHaveLength(pairs.length)
      all.push(...scans)
      const split = expected.splits?.[part.images]
      if (split !== undefined) expectFigures(summarizePart(scans, rules), split, rules)
    }
    expectFigures(summarizePart(all, rules), expected.all, rules)
    for (const [group, figures] of Object.entries(expected.groups ?? {})) {
      const own = all.filter(({ pair }) => groupsOf([pair.name], '^([^_]+)_')[0] === group)
      expectFigures(summarizePart(own, rules), figures, rules)
    }

    function expectFigures(found: PartSummary, wanted: ExpectedPart, { classes: { ids } }: MaskRules): void {
      // Channel c of ours is the c-th id of the list; where the list has the ignored id, it is counted apart.
      const idOf = (id: number): string => names[classes.findIndex((each) => each.id === id)]?.[0] ?? ''
      const counted = (of: 'pixels' | 'images'): Record<string, number> =>
        Object.fromEntries<number>([
          ...ids.map((id, c) => [idOf(id), found.classes[c][of]] as const),
          ...(expected.ignore_index === null ? [] : [[String(expected.ignore_index), found.ignored[of]] as const]),
        ])
      expect(found.images).toBe(wanted.images)
      expect(counted('pixels')).toEqual(wanted.class_pixels)
      if (wanted.class_images !== undefined) expect(counted('images')).toEqual(wanted.class_images)
      if (wanted.image_sizes !== undefined) expect(found.imageSizes).toEqual(wanted.image_sizes)
      if (wanted.channels !== undefined) expect(found.channels).toBe(wanted.channels)
      if (wanted.mean !== undefined) expect(found.mean).toEqual(wanted.mean)
      if (wanted.std !== undefined) expect(found.std).toEqual(wanted.std)
    }
  })
})

describe('the summary of a data set', () => {
  it('counts classes, objects, places, pairs of classes, folds and groups', async () => {
    const root = temporaryFolder()
    const flat = (value: number): number[] => new Array<number>(64).fill(value)
    const corner = Array.from({ length: 64 }, (_, i) => Number(i % 8 < 4 && i < 32))
    writePair(root, 'p_1', flat(10), corner, 8)
    writePair(root, 'p_2', flat(20), flat(0), 8)
    writePair(root, 'q_1', flat(30), corner.map((v) => 2 * v), 8) // prettier-ignore
    const summary = summarizeDataset(
      await examined(root, ['background', 'cell', 'wall'], {
        method: 'GroupKFold',
        n_splits: 2,
        group: { pattern: '^([^_]+)_' },
      }),
    )
    expect(summary).toMatchObject({ images: 3, unusable: 0, imagesWithoutObjects: 1, channels: 'L' })
    expect(summary.classes.map(({ pixels, images }) => [pixels, images])).toEqual([[160, 3], [16, 1], [16, 1]]) // prettier-ignore
    expect(summary.coOccurrence).toEqual([[3, 1, 1], [1, 1, 0], [1, 0, 1]]) // prettier-ignore
    expect(summary.shapes[1].objects).toMatchObject({ count: 1, smallest: 16, largest: 16, thin: 0 })
    expect(summary.shapes[1].places[0]).toEqual([1, 1, 1, 1, 0, 0, 0, 0].map((share) => share / 3))
    expect(summary.groups.map(({ group, images }) => [group, images])).toEqual([['p', 2], ['q', 1]]) // prettier-ignore
    const validated = summary.folds.map(({ validation }) => validation.images)
    expect(validated.toSorted()).toEqual([1, 2])
    for (const { train, validation } of summary.folds) expect(train.images + validation.images).toBe(3)
  })

  it('counts a pair that cannot be used nowhere but as such', async () => {
    const root = temporaryFolder()
    writePair(root, 'a', [1, 2], [0, 1], 2)
    writePair(root, 'b', [1, 2], [0, 9], 2)
    writePair(root, 'c', [1, 2], [1, 1], 2)
    const summary = summarizeDataset(await examined(root, ['background', 'cell'], { method: 'KFold', n_splits: 2 }))
    expect(summary).toMatchObject({ images: 2, unusable: 1 })
    expect(summary.classes.map(({ pixels }) => pixels)).toEqual([1, 3])
  })

  it('advises weights, a sampler and crops where classes are rare', async () => {
    const root = temporaryFolder()
    const empty = new Array<number>(400).fill(0)
    for (let i = 0; i < 3; i++) writePair(root, `e${i}`, empty, empty, 20)
    writePair(root, 'dot', empty, empty.map((_, i) => Number(i === 30)), 20) // prettier-ignore
    const { advice } = summarizeDataset(await examined(root, ['background', 'cell'], { method: 'KFold', n_splits: 2 }))
    expect(advice.map(({ code, classes }) => [code, classes])).toEqual([
      ['class-weights', ['cell']],
      ['sampler', ['cell']],
      ['crop', ['cell']],
    ])
  })
})
