import type { ImportedValue } from './call.ts'

type Arguments = ReadonlyMap<string, ImportedValue>

/** One way in which another version of Albumentations says what ours does. */
export interface Spelling {
  /** Arguments that are read, and taken away. */
  readonly from: readonly string[]
  /** What ours says instead. */
  readonly to: (given: Arguments) => Readonly<Record<string, ImportedValue>>
  /** What a reader must know beyond the new name. */
  readonly note?: string
}

const nothing: Readonly<Record<string, ImportedValue>> = {}

const asNumber = (value: ImportedValue | undefined): number | undefined =>
  typeof value === 'number' ? value : undefined

/** [low, high] of a range, or of one number, which the callback widens. */
function pairOf(
  value: ImportedValue | undefined,
  widen: (one: number) => readonly [number, number],
): readonly [number, number] | undefined {
  if (typeof value === 'number') return widen(value)
  return Array.isArray(value) && value.length === 2 && value.every((one) => typeof one === 'number')
    ? [value[0], value[1]]
    : undefined
}

function renamed(from: string, to: string): Spelling {
  return { from: [from], to: (given) => ({ [to]: given.get(from)! }) }
}

function joined([low, high]: readonly [string, string], to: string, byDefault: readonly [number, number]): Spelling {
  return {
    from: [low, high],
    to: (given) => ({ [to]: [asNumber(given.get(low)) ?? byDefault[0], asNumber(given.get(high)) ?? byDefault[1]] }),
  }
}

const heightAndWidth: Spelling = {
  from: ['height', 'width'],
  to: (given) => ({ size: [given.get('height') ?? null, given.get('width') ?? null] }),
}

/** Variances in gray levels² of 1.3 as deviations in shares of 255. */
const noiseVariance: Spelling = {
  from: ['var_limit'],
  to: (given) => {
    const range = pairOf(given.get('var_limit'), (one) => [0, one])
    return range === undefined ? nothing : { std_range: range.map((variance) => round(Math.sqrt(variance) / 255)) }
  },
  note: 'the deviation is drawn evenly where 1.x drew the variance',
}

/** Spellings of single transforms, by our name. */
export const spellings: Readonly<Partial<Record<string, readonly Spelling[]>>> = {
  GaussNoise: [
    noiseVariance,
    {
      from: ['mean'],
      to: (given) => {
        const mean = round((asNumber(given.get('mean')) ?? 0) / 255)
        return mean === 0 ? nothing : { mean_range: [mean, mean] }
      },
    },
  ],
  Solarize: [
    {
      from: ['threshold'],
      to: (given) => {
        const range = pairOf(given.get('threshold'), (one) => [one, one])
        return range === undefined
          ? nothing
          : { threshold_range: range.map((level) => (range[1] > 1 ? level / 255 : level)) }
      },
    },
  ],
  ImageCompression: [joined(['quality_lower', 'quality_upper'], 'quality_range', [99, 100])],
  RandomShadow: [joined(['num_shadows_lower', 'num_shadows_upper'], 'num_shadows_limit', [1, 2])],
  RandomFog: [joined(['fog_coef_lower', 'fog_coef_upper'], 'fog_coef_range', [0.3, 1])],
  RandomResizedCrop: [heightAndWidth],
  ElasticTransform: [
    { from: ['alpha_affine'], to: () => ({}), note: 'its affine part is left out; put Affine beside it' },
  ],
  Affine: [renamed('mode', 'border_mode'), renamed('cval', 'fill'), renamed('cval_mask', 'fill_mask')],
  Perspective: [renamed('pad_mode', 'border_mode'), renamed('pad_val', 'fill'), renamed('mask_pad_val', 'fill_mask')],
  CoarseDropout: [renamed('mask_fill_value', 'fill_mask'), renamed('fill_value', 'fill')],
  GridDropout: [renamed('mask_fill_value', 'fill_mask'), renamed('fill_value', 'fill')],
}

/** Spellings that many transforms share; each applies where ours has the new argument and not the old one. */
export const commonSpellings: readonly Spelling[] = [
  renamed('value', 'fill'),
  renamed('mask_value', 'fill_mask'),
  renamed('fill_value', 'fill'),
  renamed('mask_fill_value', 'fill_mask'),
]

/** Names of transforms that were given up, and what they are called now. */
export const formerNames: Readonly<Partial<Record<string, string>>> = {
  JpegCompression: 'ImageCompression',
  Cutout: 'CoarseDropout',
  IAASharpen: 'Sharpen',
  IAAAffine: 'Affine',
  IAAPerspective: 'Perspective',
  RandomContrast: 'RandomBrightnessContrast',
  RandomBrightness: 'RandomBrightnessContrast',
  GaussianNoise: 'GaussNoise',
  Compose: 'Sequential',
}

/** Transforms that the loader does itself. */
export const needless: Readonly<Partial<Record<string, string>>> = {
  Normalize: 'images are normalised as the encoder weights were trained, always last',
  ToTensorV2: 'there are no tensors to make',
  ToTensor: 'there are no tensors to make',
  ToFloat: 'images are normalised as the encoder weights were trained, always last',
  FromFloat: 'images stay 8 bits until they are normalised',
  NoOp: 'it does nothing',
}

function round(value: number): number {
  return Number(value.toPrecision(4))
}
