import { ignoredColor, classColors } from '../data/classColors.ts'
import type { MaskRules } from '../data/maskRules.ts'
import { palettePng } from '../data/palettePng.ts'
import type { Size } from '../augment/sample.ts'
import { runFiles } from '../protocol/runFolder.ts'
import type { RunSession } from '../runs/runSession.ts'
import { readWeights } from './checkpoint.ts'
import type { Validation } from './validation.ts'

/** Palette PNGs of all validation images at the best epoch; memory holds one batch at a time. */
export async function writePredictions(session: RunSession, validation: Validation, rules: MaskRules): Promise<void> {
  const weights = await readWeights(session.run.file(runFiles.best))
  await validation.run(weights, async ({ names, height, width }, labels) => {
    const area = height * width
    for (const [index, name] of names.entries()) {
      const own = labels.subarray(index * area, (index + 1) * area)
      await session.writePrediction(name, predictionPng(own, { height, width }, rules))
    }
  })
}

/**
 * A prediction in the numbers of the user's masks: pixel values are class ids, or class indices where an id does not fit
 * into a palette.
 * @param labels [height·width], class indices
 */
export function predictionPng(labels: ArrayLike<number>, size: Size, { classes }: MaskRules): Uint8Array {
  const colors = classColors(classes.colors)
  const fits = classes.ids.every((id) => id < 255)
  if (!fits) return palettePng(Uint8Array.from(labels), size, colors)
  const palette = Array.from({ length: Math.max(...classes.ids) + 1 }, (_, id) => {
    const index = classes.indexOf.get(id)
    return index === undefined ? ignoredColor : colors[index]
  })
  return palettePng(
    Uint8Array.from(labels, (label) => classes.ids[label]),
    size,
    palette,
  )
}
