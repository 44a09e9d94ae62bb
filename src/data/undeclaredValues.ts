import { UserError } from '../core/errors.ts'
import type { MaskPixels } from './maskPixels.ts'
import type { MaskRules } from './maskRules.ts'

/** The message about a mask with values (or colours) of no class. `colorOf` is given where colours tell the classes. */
export function undeclaredValues(
  pixels: MaskPixels,
  undeclared: readonly (readonly [value: number, pixels: number])[],
  rules: MaskRules,
  path: string,
  colorOf?: (value: number) => number,
): UserError {
  const values = new Set(undeclared.map(([value]) => value))
  const total = undeclared.reduce((sum, [, count]) => sum + count, 0)
  const first = pixels.values.findIndex((value) => values.has(value))
  const where = `the first at column ${first % pixels.width}, row ${Math.floor(first / pixels.width)}`
  const what = `${colorOf === undefined ? 'values' : 'colours'} that are no class`
  return new UserError(`${total} pixels of this mask have ${what}: ${listOf(undeclared, colorOf)}; ${where}`, {
    file: path,
    allowed: declaredIn(rules, colorOf !== undefined),
    hint: hintFor([...values], colorOf !== undefined),
    code: 'undeclared-class',
  })
}

/** `7 (12 pixels), 9 (3 pixels)`, most frequent first. */
function listOf(undeclared: readonly (readonly [number, number])[], colorOf?: (value: number) => number): string {
  const name = (value: number): string => (colorOf === undefined ? String(value) : colorText(colorOf(value)))
  const sorted = undeclared.toSorted((a, b) => b[1] - a[1])
  const shown = sorted.slice(0, 8).map(([value, count]) => `${name(value)} (${count} pixels)`)
  const more = sorted.length > shown.length ? [`and ${sorted.length - shown.length} more`] : []
  return [...shown, ...more].join(', ')
}

function declaredIn({ classes, ignoreIndex }: MaskRules, isColor: boolean): readonly string[] {
  const value = (i: number): string => (isColor ? (classes.colors[i] ?? 'no colour') : String(classes.ids[i]))
  const declared = classes.names.map((name, i) => `${value(i)} ${name}`)
  return ignoreIndex === null || isColor ? declared : [...declared, `${ignoreIndex} ignored`]
}

function hintFor(values: readonly number[], isColor: boolean): string {
  if (isColor) {
    return 'Declare the colours as classes; where they are blurred edges, export the masks again without anti-aliasing.'
  }
  if (values.every((value) => value >= 1000)) {
    return 'This looks like an instanceIds file (class * 1000 + number): use the labelIds or labelTrainIds masks.'
  }
  return 'Add the ids as classes, or make one of them the ignore_index, in project.jsonc.'
}

function colorText(color: number): string {
  return `#${color.toString(16).padStart(6, '0')}`
}
