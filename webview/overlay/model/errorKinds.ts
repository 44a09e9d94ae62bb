/** Label of pixels that count nowhere. */
export const ignoredLabel = 255

/** What the prediction did at a pixel, as the shown classes see it. */
export const errorKinds = ['none', 'hit', 'false', 'missed', 'confused', 'wrong', 'ignored'] as const
export type ErrorKind = (typeof errorKinds)[number]

/**
 * The kind of every pair of labels, at `truth · 256 + prediction`, as index in errorKinds.
 *
 * With all classes shown a pixel is right or wrong. With some of them: hit (true positive), false (a shown class predicted
 * where another is true), missed (a shown class is true and another was predicted), confused (both at once: one shown class
 * taken for another).
 * @param shown for each class whether it is shown
 */
export function errorKindTable(shown: readonly boolean[]): Uint8Array {
  const table = new Uint8Array(256 * 256)
  const all = shown.every((each) => each)
  for (let truth = 0; truth < 256; truth++) {
    for (let prediction = 0; prediction < 256; prediction++) {
      const kind = all ? kindAmongAll(truth, prediction) : kindOf(truth, prediction, shown)
      table[truth * 256 + prediction] = errorKinds.indexOf(kind)
    }
  }
  return table
}

function kindAmongAll(truth: number, prediction: number): ErrorKind {
  if (truth === ignoredLabel) return 'ignored'
  return truth === prediction ? 'none' : 'wrong'
}

function kindOf(truth: number, prediction: number, shown: readonly boolean[]): ErrorKind {
  if (truth === ignoredLabel) return 'ignored'
  // A label of no class is none of the shown ones.
  const isShown = (label: number): boolean => label < shown.length && shown[label]
  if (truth === prediction) return isShown(truth) ? 'hit' : 'none'
  if (isShown(truth)) return isShown(prediction) ? 'confused' : 'missed'
  return isShown(prediction) ? 'false' : 'none'
}

/** The kinds that can occur with these classes shown: what a legend explains. */
export function possibleKinds(shown: readonly boolean[], hasIgnored: boolean): readonly ErrorKind[] {
  const count = shown.filter((each) => each).length
  const ignored: readonly ErrorKind[] = hasIgnored ? ['ignored'] : []
  if (count === 0) return ignored
  if (count === shown.length) return ['wrong', ...ignored]
  return ['hit', 'false', 'missed', ...(count > 1 ? (['confused'] as const) : []), ...ignored]
}
