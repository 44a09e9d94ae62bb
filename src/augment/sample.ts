/** Height and width in pixels. */
export interface Size {
  readonly height: number
  readonly width: number
}

/** The label of a pixel that counts nowhere: neither in the loss nor in a score. */
export const ignoredLabel = 255

/** One image with its labels, decoded and not yet normalised. Transforms never change a sample, they return a new one. */
export interface Sample extends Size {
  /** [height, width, 3], RGB, 0 … 255 */
  readonly image: Uint8Array
  /** [height, width], dense class index 0 … C − 1, or `ignoredLabel` */
  readonly mask: Uint8Array
}
