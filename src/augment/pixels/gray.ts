/** 0.299 R + 0.587 G + 0.114 B in 15-bit fixed point, as OpenCV's COLOR_RGB2GRAY. */
export function luma(red: number, green: number, blue: number): number {
  return (9798 * red + 19235 * green + 3735 * blue + 16384) >> 15
}

/** @param image [H, W, 3]  @returns mean over all pixels of their gray levels */
export function meanLuma(image: Uint8Array): number {
  let sum = 0
  for (let i = 0; i < image.length; i += 3) sum += luma(image[i], image[i + 1], image[i + 2])
  return image.length === 0 ? 0 : (sum * 3) / image.length
}
