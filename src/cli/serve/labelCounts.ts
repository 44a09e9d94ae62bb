import type { Rgb } from '../../augment/normalize.ts'
import { ignoredLabel } from '../../augment/sample.ts'
import type { ClassIndex } from '../../core/classIndex.ts'
import { classColors } from '../../data/classColors.ts'
import { countValues } from '../../data/decodeMask.ts'
import type { AnswerOf } from '../../protocol/questions.ts'

/** Classes in the order of their indices, with the colours of all pictures. */
export function namedColors({
  names,
  colors,
}: ClassIndex): readonly { readonly name: string; readonly color: string }[] {
  const shown = classColors(colors)
  return names.map((name, index) => ({ name, color: hexColor(shown[index]) }))
}

/** Pixels of every class in a label map, of none as well. */
export function labelCounts(labels: Uint8Array, classes: ClassIndex): Pick<AnswerOf<'picture'>, 'classes' | 'ignored'> {
  const counts = countValues(labels)
  const ignored = counts.get(ignoredLabel) ?? 0
  return {
    classes: namedColors(classes).map((named, index) => ({ ...named, pixels: counts.get(index) ?? 0 })),
    ...(ignored === 0 ? {} : { ignored }),
  }
}

function hexColor(color: Rgb): string {
  return `#${color.map((value) => value.toString(16).padStart(2, '0')).join('')}`
}
