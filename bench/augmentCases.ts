import { transforms } from '../src/augment/registry.ts'

/** Sides of the square images. */
export const sides = [512, 256] as const

export interface AugmentCase {
  readonly name: string
  /** Arguments that ours and Albumentations share. */
  readonly args: Readonly<Record<string, unknown>>
  readonly isCommon: boolean
}

const composers = new Set(['OneOf', 'SomeOf', 'Sequential'])
const rare = new Set(['MaskDropout', 'RandomGridShuffle', 'D4', 'SafeRotate', 'CropNonEmptyMaskIfExists', 'InvertImg', 'ChannelShuffle', 'Solarize', 'Posterize', 'ISONoise', 'RandomFog', 'RandomShadow']) // prettier-ignore

/** Every transform with its defaults but for these. */
function argumentsOf(side: number): Readonly<Record<string, AugmentCase['args']>> {
  const half = { height: side / 2, width: side / 2 }
  return {
    Resize: { height: side * 0.75, width: side * 0.75 },
    LongestMaxSize: { max_size: side * 0.75 },
    SmallestMaxSize: { max_size: side * 1.25 },
    RandomCrop: half,
    CenterCrop: half,
    CropNonEmptyMaskIfExists: half,
    RandomResizedCrop: { size: [side, side] },
    PadIfNeeded: { min_height: side + 64, min_width: side + 64 },
    Affine: { scale: [0.9, 1.1], rotate: [-30, 30], shear: [-5, 5] },
    ElasticTransform: { alpha: 60, sigma: 6 },
    CoarseDropout: { num_holes_range: [4, 8], hole_height_range: [8, 20], hole_width_range: [8, 20] },
    GridDropout: { holes_number_xy: [4, 4] },
  }
}

/** Transforms that our registry has, in its order. */
export function augmentCases(side: number): readonly AugmentCase[] {
  const given = argumentsOf(side)
  return transforms.names
    .filter((name) => !composers.has(name))
    .map((name) => ({ name, args: { ...given[name], p: 1 }, isCommon: !rare.has(name) }))
}
