/**
 * Colours a label map.
 * @param labels [height · width]
 * @param colors RGBA words of the 256 labels
 * @param pixels RGBA words of the picture, as long as the labels
 */
export function paintLabels(labels: Uint8Array, colors: Uint32Array, pixels: Uint32Array): void {
  for (let i = 0; i < labels.length; i++) pixels[i] = colors[labels[i]]
}

/**
 * Colours what the prediction did at every pixel.
 * @param kinds kind of every pair of labels, at truth · 256 + prediction (see errorKindTable)
 * @param colors RGBA words of the kinds
 */
export function paintErrors(
  truth: Uint8Array,
  prediction: Uint8Array,
  kinds: Uint8Array,
  colors: Uint32Array,
  pixels: Uint32Array,
): void {
  // One look-up a pixel instead of two.
  const pairs = Uint32Array.from(kinds, (kind) => colors[kind])
  for (let i = 0; i < truth.length; i++) pixels[i] = pairs[(truth[i] << 8) | prediction[i]]
}
