import { Unreadable, type ImportedValue } from './call.ts'

type Given = ReadonlyMap<string, ImportedValue>

/** What means something else in another series of Albumentations, or surprises in all. */
const notes: Readonly<Partial<Record<string, (given: Given, series: number | undefined) => string | undefined>>> = {
  GaussNoise: (given, series) =>
    given.has('std_range') || (series !== undefined && series >= 1.4)
      ? undefined
      : 'GaussNoise: without arguments 1.3 had deviations of 3 to 7 gray levels, here and since 1.4 it is 51 to 112; write std_range [0.0124, 0.0277] for the old strength',
  CoarseDropout: (given) =>
    given.has('max_holes') || given.has('max_height')
      ? 'CoarseDropout: holes are counted in pixels and hide little of a large image (4 to 8 holes of 8 to 20 pixels: 0.45 % of 512×512); 2.x only warns of these arguments and runs with its defaults'
      : undefined,
  GridDropout: (given) => {
    if (given.has('holes_number_x') || given.has('holes_number_y') || given.has('unit_size_min'))
      return 'GridDropout: kept is the fixed lattice of 1.x, the same in every image unless random_offset is true; 2.x ignores these arguments'
    return given.has('holes_number_xy')
      ? 'GridDropout: holes_number_xy counts across, then down; 1.4 and 2.x exchange the two'
      : undefined
  },
  ShiftScaleRotate: (_given, series) =>
    series !== undefined && series >= 1.4
      ? undefined
      : 'ShiftScaleRotate: 1.3 turns about a point half a pixel off the centre and draws one scale for both axes',
  RandomBrightnessContrast: (given) =>
    given.get('ensure_safe_range') === true
      ? 'RandomBrightnessContrast: ensure_safe_range has no equal here: values are clipped'
      : undefined,
  ImageCompression: (given) =>
    given.get('compression_type') === 'webp' ? 'ImageCompression: WebP has no equal here' : undefined,
}

/** 0 is Albumentations' default, and files hold their defaults. */
function filledMaskNote(name: string, given: Given): string | undefined {
  const border = given.get('border_mode')
  const isConstant = border === 0 || (border instanceof Unreadable && border.text.endsWith('BORDER_CONSTANT'))
  return isConstant && given.get('fill_mask') === 0
    ? `${name}: fill_mask 0 gives pixels outside the image the label of class 0; write 255 to have them ignored`
    : undefined
}

/** Sentences for a reader. @param version of Albumentations where it is known */
export function versionNotes(name: string, given: Given, version: string | undefined): readonly string[] {
  const series = version === undefined ? undefined : Number(version.split('.').slice(0, 2).join('.'))
  const all = [notes[name]?.(given, series), filledMaskNote(name, given)]
  return all.filter((note) => note !== undefined)
}
