/** Endings of stems that data sets add to tell an image from its mask, in the order in which they are tried. */
export const stemSuffixes = {
  images: ['', '_leftImg8bit', '_image', '_img', '_sat'],
  masks: [
    '',
    '_mask',
    '_masks',
    '_seg',
    '_segmentation',
    '_gt',
    '_label',
    '_labels',
    '_L',
    '_annot',
    '_annotation',
    '_gtFine_labelTrainIds',
    '_gtFine_labelIds',
    '_instanceIds',
  ],
} as const

/** Files below their folders. */
export interface MatchedFiles {
  readonly pairs: readonly { readonly image: string; readonly mask: string }[]
  readonly rule: string
  readonly imagesWithoutMask: readonly string[]
  readonly masksWithoutImage: readonly string[]
  /** Pairs whose names agree only without regard to case. */
  readonly caseOnly: readonly { readonly image: string; readonly mask: string }[]
  /** Several images that lead to one mask, or one image with several masks. */
  readonly clashes: readonly { readonly images: readonly string[]; readonly mask: string }[]
}

/** Path without the ending, in Unicode NFC: archives made on macOS write names decomposed. */
export function stemOf(file: string): string {
  return file.replace(/\.[^./\\]*$/, '').normalize('NFC')
}

/**
 * @param isOneFolder images and masks lie side by side: only a mask with a suffix counts as one
 * @param maskSuffixes endings of the stems of masks, in the order in which they are tried
 */
export function matchMasks(
  images: readonly string[],
  masks: readonly string[],
  isOneFolder: boolean,
  maskSuffixes: readonly string[] = stemSuffixes.masks,
): MatchedFiles {
  const byStem = new Map<string, string>()
  const byLowerStem = new Map<string, string>()
  // Where a mask lies there in two formats, the PNG comes last and wins: it alone keeps labels exact.
  const isPng = (file: string): boolean => /\.png$/i.test(file)
  for (const mask of [...masks.filter((file) => !isPng(file)), ...masks.filter(isPng)]) {
    byStem.set(stemOf(mask), mask)
    byLowerStem.set(stemOf(mask).toLowerCase(), mask)
  }
  const suffixes = maskSuffixes.filter((suffix) => !isOneFolder || suffix !== '')
  const lowerSuffixes = suffixes.map((suffix) => suffix.toLowerCase())
  const owners = new Map<string, string[]>()
  const used = new Map<string, number>()
  const caseOnly: { image: string; mask: string }[] = []
  const found = new Map<string, string>()
  for (const image of images) {
    const exact = findMask(stemOf(image), suffixes, byStem)
    const match = exact ?? findMask(stemOf(image).toLowerCase(), lowerSuffixes, byLowerStem)
    if (match === undefined) continue
    found.set(image, match.mask)
    owners.set(match.mask, [...(owners.get(match.mask) ?? []), image])
    used.set(match.suffix, (used.get(match.suffix) ?? 0) + 1)
    if (exact === undefined) caseOnly.push({ image, mask: match.mask })
  }
  const isImage = (file: string): boolean => !isOneFolder || !owners.has(file)
  return {
    pairs: images.flatMap((image) => {
      const mask = found.get(image)
      return mask === undefined ? [] : [{ image, mask }]
    }),
    rule: ruleText(used),
    imagesWithoutMask: images.filter((image) => !found.has(image) && isImage(image)),
    masksWithoutImage: isOneFolder ? [] : masks.filter((mask) => !owners.has(mask)),
    caseOnly,
    clashes: [...owners].filter(([, owned]) => owned.length > 1).map(([mask, owned]) => ({ images: owned, mask })),
  }
}

interface Match {
  readonly mask: string
  readonly suffix: string
}

function findMask(stem: string, suffixes: readonly string[], byStem: ReadonlyMap<string, string>): Match | undefined {
  for (const imageSuffix of stemSuffixes.images) {
    if (!stem.endsWith(imageSuffix)) continue
    const base = stem.slice(0, stem.length - imageSuffix.length)
    for (const suffix of suffixes) {
      const mask = byStem.get(base + suffix)
      if (mask !== undefined) return { mask, suffix }
    }
  }
  return undefined
}

function ruleText(used: ReadonlyMap<string, number>): string {
  const parts = Array.from(used, ([suffix, count]) =>
    suffix === '' ? `by the same stem (${count})` : `by the stem with ${suffix} added (${count})`,
  )
  return `Masks were found ${parts.join(', ')}.`
}
