import { statSync } from 'node:fs'
import { join, posix } from 'node:path'
import { UserError } from '../../core/errors.ts'
import { pathInside } from '../../runs/containment.ts'
import { pairFolders, type PairedFolders } from '../folders.ts'
import { listImageFiles } from '../listFiles.ts'
import type { MaskSource } from '../masks/maskSource.ts'
import { stemOf } from '../matchMasks.ts'
import { cityscapesLabels } from './cityscapesLabels.ts'
import { colorText } from './cocoFile.ts'
import { findFolders } from './findFiles.ts'
import type { DatasetFormat, DatasetPlace, Recognised, RecogniseChoice } from './format.ts'

const ignored = 255

/**
 * Cityscapes: leftImg8bit and gtFine (or gtCoarse). Whichever masks there are, values are train ids: 19 classes, the rest is
 * ignored, as in the benchmark.
 */
export const cityscapes: DatasetFormat = { recognise, listPairs }

/** Endings of stems, the exact ones first, with how their masks are read. */
const kinds: readonly {
  readonly suffix: string
  readonly sourceOf: (mask: string) => MaskSource
  readonly note: string
}[] = [
  { suffix: '_labelTrainIds', sourceOf: (mask) => mask, note: '' },
  {
    suffix: '_labelIds',
    sourceOf: translated(new Map([...cityscapesLabels.map(({ id, trainId }) => [id, trainId] as const), [255, ignored]])), // prettier-ignore
    note: ' Label ids become train ids.',
  },
  {
    suffix: '_color',
    // Where two labels share a colour, the trained one is meant: pole before polegroup.
    sourceOf: translated(
      new Map(
        cityscapesLabels
          .toSorted((a, b) => b.trainId - a.trainId)
          .map(({ color: [red, green, blue], trainId }) => [red + 256 * green + 65536 * blue, trainId] as const),
      ),
    ),
    note: ' Colours become train ids; groups of poles count as poles and licence plates as cars, whose colours they share.',
  },
]

function translated(values: ReadonlyMap<number, number>): (mask: string) => MaskSource {
  return (file) => ({ kind: 'segments', file, values, unlabelled: ignored })
}

async function listPairs({ root, images, masks, allowUnpaired }: DatasetPlace): Promise<PairedFolders> {
  const { files } = await listImageFiles(root, pathInside(root, masks))
  const kind = kinds.find(({ suffix }) => files.some((file) => stemOf(file).endsWith(suffix)))
  if (kind === undefined) {
    throw new UserError('this folder holds no masks of Cityscapes', {
      file: join(root, masks),
      allowed: kinds.map(({ suffix }) => `…${suffix}.png`),
      code: 'missing-mask',
    })
  }
  const { suffix, sourceOf, note } = kind
  const isMask = (file: string): boolean => stemOf(file).endsWith(suffix)
  const isTest = (file: string): boolean => file.startsWith('test/')
  const paired = await pairFolders({
    root,
    images,
    masks,
    allowUnpaired,
    accepts: (file, of) => !isTest(file) && (of === 'images' || isMask(file)),
    suffixes: ['_gtFine', '_gtCoarse'].map((set) => set + suffix),
  })
  return {
    ...paired,
    pairs: paired.pairs.map((pair) => ({
      ...pair,
      mask: typeof pair.mask === 'string' ? sourceOf(pair.mask) : pair.mask,
    })),
    rule: `${paired.rule}${note}`,
    warnings: [
      ...paired.warnings,
      ...(files.some(isTest)
        ? [`${join(root, masks, 'test')}: left out, the test images have no published labels.`]
        : []),
    ],
  }
}

async function recognise({ root, images, masks }: RecogniseChoice): Promise<Recognised | undefined> {
  const home = (await findFolders(root, 'leftImg8bit')).at(0)
  if (home === undefined) return undefined
  const found = masks ?? ['gtFine', 'gtCoarse'].map((name) => posix.join(posix.dirname(home), name)).find((path) => statSync(join(root, path), { throwIfNoEntry: false })?.isDirectory()) // prettier-ignore
  if (found === undefined || !/gt(Fine|Coarse)$/.test(found)) return undefined
  const trained = cityscapesLabels.filter(({ trainId }) => trainId !== ignored)
  return {
    images: images ?? home,
    masks: found,
    classes: {
      classes: trained.map(({ trainId, name, color }) => ({ id: trainId, name, color: colorText(color) })),
      ignore_index: ignored,
    },
    group: '^[^/]+/([^/]+)/',
    sentences: [
      `leftImg8bit beside ${posix.basename(found)} is the layout of Cityscapes: its 19 classes by train id, everything else is ignored.`,
    ],
  }
}
