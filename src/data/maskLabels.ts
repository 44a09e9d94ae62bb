import { ignoredLabel } from '../augment/sample.ts'
import { UserError } from '../core/errors.ts'
import type { MaskPixels } from './maskPixels.ts'
import type { MaskRules } from './maskRules.ts'
import { undeclaredValues } from './undeclaredValues.ts'

/** The label (class index or `ignoredLabel`) of every value that occurs in a mask. */
export interface Labels {
  readonly of: ReadonlyMap<number, number>
  /** Choices that were made, as sentences. */
  readonly warnings: readonly string[]
}

/** How often each value occurs, in order of first appearance. */
export type ValueCounts = ReadonlyMap<number, number>

/**
 * Reads the values of one mask as classes.
 * @throws UserError with the undeclared values, how many pixels have them, where the first one is, and what is declared
 */
export function labelsOf(pixels: MaskPixels, counts: ValueCounts, rules: MaskRules, path: string): Labels {
  if (pixels.kind === 'color') return colorMask(pixels, counts, rules, path)
  if (pixels.kind === 'palette' && isReadByColor(pixels.palette, counts, rules))
    return paletteByColor(pixels, counts, rules, path)
  if (rules.encoding === 'color' && pixels.kind === 'gray')
    return lookUp(pixels, counts, path, rules, byColor(rules, path), grayAsColor)
  return byId(pixels, counts, rules, path)
}

function byId(pixels: MaskPixels, counts: ValueCounts, rules: MaskRules, path: string): Labels {
  const { classes, ignoreIndex } = rules
  const isBinary =
    classes.count === 2 && [...counts.keys()].every((value) => value === 0 || value === 255) && counts.has(255)
  const zeroAndOne = classes.ids[0] === 0 && classes.ids[1] === 1
  if (isBinary && zeroAndOne && ignoreIndex !== 255) {
    const warning = `the values are 0 and 255: 255 is read as class 1 (${classes.names[1]}). Declare id 255 for it to be explicit.`
    return { of: new Map([[0, 0], [255, 1]]), warnings: [warning] } // prettier-ignore
  }
  const of = new Map(classes.indexOf)
  const warnings: string[] = []
  if (isBinary && zeroAndOne && counts.has(0)) {
    warnings.push(
      `every pixel is 0 or 255, and 255 is ignored. If 255 is class 1 (${classes.names[1]}), set ignore_index to null.`,
    )
  }
  if (ignoreIndex !== null) of.set(ignoreIndex, ignoredLabel)
  else if (!of.has(255) && counts.has(255) && [...counts.keys()].every((value) => value === 255 || of.has(value))) {
    of.set(255, ignoredLabel)
    warnings.push('value 255 is no class and is ignored. Set ignore_index to 255 to say so.')
  }
  return lookUp(pixels, counts, path, rules, { of, warnings })
}

/** Palette masks are read by index unless the colours say that an editor has reordered the palette. */
function isReadByColor(
  palette: readonly number[],
  counts: ValueCounts,
  { classes, ignoreIndex, encoding }: MaskRules,
): boolean {
  if (encoding !== 'auto') return encoding === 'color'
  const declared = classes.colors.map((color) => (color === undefined ? undefined : parseColor(color)))
  const used = [...counts.keys()].filter((index) => index !== ignoreIndex)
  const agrees = (index: number): boolean => {
    const position = classes.indexOf.get(index)
    return position === undefined || declared[position] === undefined || declared[position] === palette[index]
  }
  return !used.every(agrees) && used.every((index) => declared.includes(palette[index]))
}

function paletteByColor(pixels: MaskPixels, counts: ValueCounts, rules: MaskRules, path: string): Labels {
  const found = lookUp(pixels, counts, path, rules, byColor(rules, path), (index) => pixels.palette[index])
  const warning =
    'the palette is ordered otherwise than the class ids; its colours are used, not its indices. Set mask_encoding to say which is meant.'
  return rules.encoding === 'auto' ? { ...found, warnings: [...found.warnings, warning] } : found
}

function colorMask(pixels: MaskPixels, counts: ValueCounts, rules: MaskRules, path: string): Labels {
  const isGray = [...counts.keys()].every((color) => color === grayAsColor(color & 255))
  const colors = parsedColors(rules)
  const areDeclared = [...counts.keys()].every((color) => colors.has(color))
  if (rules.encoding === 'color' || areDeclared || !isGray)
    return lookUp(pixels, counts, path, rules, byColor(rules, path), (color) => color)
  // Ids saved with three equal channels, as many tools do.
  const grayCounts = new Map(Array.from(counts, ([color, count]) => [color & 255, count]))
  const values = pixels.values.map((color) => color & 255)
  const { of, warnings } = byId({ ...pixels, kind: 'gray', values }, grayCounts, rules, path)
  const byPackedColor = new Map(Array.from(of, ([value, label]) => [grayAsColor(value), label]))
  return {
    of: byPackedColor,
    warnings: [...warnings, 'red, green and blue are equal everywhere and are read as class ids.'],
  }
}

function parsedColors({ classes }: MaskRules): Map<number, number> {
  return new Map(
    classes.colors.flatMap((color, index) => (color === undefined ? [] : [[parseColor(color), index] as const])),
  )
}

function byColor(rules: MaskRules, path: string): Labels {
  const of = parsedColors(rules)
  const given = rules.classes.colors.filter((color) => color !== undefined)
  if (of.size === 0) {
    throw new UserError('this mask holds colours, but no class has a colour', {
      file: path,
      hint: 'Give every class its color in project.jsonc.',
      code: 'no-class-colors',
    })
  }
  if (of.size < given.length) {
    throw new UserError('this mask holds colours, but two classes have the same colour', {
      file: path,
      value: given,
      hint: 'Give every class a colour of its own.',
      code: 'same-class-color',
    })
  }
  return { of, warnings: [] }
}

/** What a stored value stands for when classes are told apart by colour. */
type ColorOf = (value: number) => number

/** Translates every value that occurs, or says which ones mean nothing. */
function lookUp(
  pixels: MaskPixels,
  counts: ValueCounts,
  path: string,
  rules: MaskRules,
  labels: Labels,
  colorOf?: ColorOf,
): Labels {
  const labelOf = (value: number): number | undefined => labels.of.get(colorOf === undefined ? value : colorOf(value))
  const undeclared = [...counts].filter(([value]) => labelOf(value) === undefined)
  if (undeclared.length > 0) throw undeclaredValues(pixels, undeclared, rules, path, colorOf)
  return { ...labels, of: new Map(Array.from(counts.keys(), (value) => [value, labelOf(value) ?? ignoredLabel])) }
}

function parseColor(text: string): number {
  return Number.parseInt(text.slice(1), 16)
}

function grayAsColor(value: number): number {
  return value * 0x010101
}
