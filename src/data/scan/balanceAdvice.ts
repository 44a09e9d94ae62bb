import type { MaskRules } from '../maskRules.ts'
import { hasNoObject, type WholeScan } from './scanPairs.ts'

// Rules of thumb, ours: they choose what is worth saying, never what is computed.
const rareShare = 0.05
const rareImages = 0.2
const emptyImages = 0.5
const smallCover = 0.05

/** Something to try in an experiment; whether it helps is for the folds to say. */
export interface Advice {
  readonly code: 'class-weights' | 'sampler' | 'crop'
  /** Names of the classes that it is about. */
  readonly classes: readonly string[]
  readonly text: string
  /** Fragment of an experiment file. */
  readonly config: Readonly<Record<string, unknown>>
}

/** What rare classes call for: weights in the loss, draws of the sampler, crops that meet objects. */
export function balanceAdvice(scans: readonly WholeScan[], { classes }: MaskRules): readonly Advice[] {
  const own = classes.names.map((name, label) => {
    const shown = scans.filter(({ mask }) => mask.classes[label].pixels > 0)
    const pixels = shown.reduce((sum, { mask }) => sum + mask.classes[label].pixels, 0)
    const area = shown.reduce((sum, { image }) => sum + image.height * image.width, 0)
    return { name, label, images: shown.length, pixels, cover: area === 0 ? 0 : pixels / area }
  })
  const present = own.filter(({ images }) => images > 0)
  if (present.length < 2) return []
  return [...weights(present), ...sampler(scans, present), ...crop(present)]
}

interface ClassFacts {
  readonly name: string
  readonly label: number
  readonly images: number
  readonly pixels: number
  /** Share of the images that show it which it covers. */
  readonly cover: number
}

function weights(present: readonly ClassFacts[]): readonly Advice[] {
  const total = present.reduce((sum, { pixels }) => sum + pixels, 0)
  const rare = present.filter(({ pixels }) => pixels < (rareShare * total) / present.length)
  if (rare.length === 0) return []
  const weight = (pixels: number): string => (total / (present.length * pixels)).toPrecision(2)
  const shown = rare.map(({ name, pixels }) => `${name} (${percent(pixels / total)}, weight ${weight(pixels)})`)
  return [
    {
      code: 'class-weights',
      classes: rare.map(({ name }) => name),
      text: `Few pixels: ${shown.join(', ')}. Balanced weights n / (C · n_c), or a Dice loss beside the cross-entropy, let them count; weights beyond about 50 make training restless.`,
      config: { loss: [{ name: 'CrossEntropyLoss', class_weights: 'balanced' }] },
    },
  ]
}

function sampler(scans: readonly WholeScan[], present: readonly ClassFacts[]): readonly Advice[] {
  const empty = scans.filter(hasNoObject).length
  if (empty > emptyImages * scans.length)
    return [
      {
        code: 'sampler',
        classes: present.filter(({ label }) => label > 0).map(({ name }) => name),
        text: `${empty} of ${scans.length} images show background alone: a sampler shows the others more often.`,
        config: { data: { sampler: 'foreground_balanced', foreground_share: 0.5 } },
      },
    ]
  const rare = present.filter(({ images }) => images < rareImages * scans.length)
  if (rare.length === 0) return []
  const shown = rare.map(({ name, images }) => `${name} (${images} of ${scans.length})`)
  return [
    {
      code: 'sampler',
      classes: rare.map(({ name }) => name),
      text: `In few images: ${shown.join(', ')}. A class-aware sampler shows those images more often.`,
      config: { data: { sampler: 'class_balanced' } },
    },
  ]
}

function crop(present: readonly ClassFacts[]): readonly Advice[] {
  const small = present.filter(({ label, cover }) => label > 0 && cover < smallCover)
  const most = present.find(({ label }) => label === 0)
  // Where objects fill the pictures a random crop meets them anyway.
  if (small.length === 0 || small.length < present.length - 1 || most === undefined) return []
  return [
    {
      code: 'crop',
      classes: small.map(({ name }) => name),
      text: `Objects cover little even of the images that show them (${small.map(({ name, cover }) => `${name} ${percent(cover)}`).join(', ')}): where images are cropped, CropNonEmptyMaskIfExists puts an object into every crop, while a random one often misses.`,
      config: { augment: [{ name: 'CropNonEmptyMaskIfExists', height: 256, width: 256 }] },
    },
  ]
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`
}
