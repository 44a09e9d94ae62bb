import type { Size } from '../sample.ts'

/** Each size once. */
export function distinctSizes(sizes: readonly Size[]): readonly Size[] {
  return [...new Map(sizes.map((size) => [sizeText(size), size])).values()]
}

/** `256×512`, height first. */
export function sizeText({ height, width }: Size): string {
  return `${height}×${width}`
}
