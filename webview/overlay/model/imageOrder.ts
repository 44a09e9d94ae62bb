import type { OverlayClass, ScoredImage } from '../../../src/protocol/overlayMessages.ts'

/** In which order the images are gone through. */
export type ImageOrder =
  | { readonly by: 'worst' }
  | { readonly by: 'best' }
  | { readonly by: 'name' }
  /** By the IoU of one class, the worst first. */
  | { readonly by: 'class'; readonly className: string }

// "image10" comes after "image9".
const names = new Intl.Collator(undefined, { numeric: true })

/** The images in their order; those without a score come last, equal ones go by their names. */
export function orderedImages(
  images: readonly ScoredImage[],
  order: ImageOrder,
  classes: readonly OverlayClass[],
): readonly ScoredImage[] {
  const byName = (a: ScoredImage, b: ScoredImage): number => names.compare(a.name, b.name)
  if (order.by === 'name') return images.toSorted(byName)
  const sign = order.by === 'best' ? -1 : 1
  const keys = new Map(images.map((image) => [image, shownScore(image, order, classes)]))
  return images.toSorted((a, b) => {
    const [first, second] = [keys.get(a) ?? null, keys.get(b) ?? null]
    if (first === null || second === null) return Number(first === null) - Number(second === null) || byName(a, b)
    return sign * (first - second) || byName(a, b)
  })
}

/** The score that an image is listed with: its mean IoU, or the IoU of the class that orders the list. */
export function shownScore(image: ScoredImage, order: ImageOrder, classes: readonly OverlayClass[]): number | null {
  if (order.by !== 'class') return image.score
  const index = classes.findIndex(({ name }) => name === order.className)
  return index < 0 ? image.score : image.iou[index]
}

/** Name of the image `by` places further on; undefined beyond either end. An unknown image stands before the first. */
export function neighbour(images: readonly ScoredImage[], image: string | undefined, by: number): string | undefined {
  const position = images.findIndex(({ name }) => name === image) + by
  return position < 0 ? undefined : images.at(position)?.name
}
