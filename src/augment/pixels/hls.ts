/** @param image [H, W, 3] of RGB → hue in degrees, lightness and saturation 0 … 1 (OpenCV's COLOR_RGB2HLS of floats) */
export function rgbToHls(image: Uint8Array): Float32Array {
  const output = new Float32Array(image.length)
  for (let i = 0; i < image.length; i += 3) {
    const [r, g, b] = [image[i] / 255, image[i + 1] / 255, image[i + 2] / 255]
    const most = Math.max(r, g, b)
    const least = Math.min(r, g, b)
    const spread = most - least
    const sum = most + least
    output[i + 1] = sum / 2
    if (spread === 0) continue
    output[i + 2] = spread / (sum < 1 ? sum : 2 - sum)
    const turn = most === r ? (g - b) / spread : most === g ? 2 + (b - r) / spread : 4 + (r - g) / spread
    output[i] = turn < 0 ? 60 * turn + 360 : 60 * turn
  }
  return output
}

/** The way back, rounded and clipped; hues beyond the circle wrap. */
export function hlsToRgb(hls: Float32Array): Uint8Array {
  const output = new Uint8ClampedArray(hls.length)
  for (let i = 0; i < hls.length; i += 3) {
    const [hue, lightness, saturation] = [hls[i] / 60, hls[i + 1], hls[i + 2]]
    const high = lightness <= 0.5 ? lightness * (1 + saturation) : lightness + saturation - lightness * saturation
    const low = 2 * lightness - high
    output[i] = 255 * channel(low, high, hue + 2)
    output[i + 1] = 255 * channel(low, high, hue)
    output[i + 2] = 255 * channel(low, high, hue - 2)
  }
  return new Uint8Array(output.buffer)
}

/** @param turn sixths of the circle from where this colour begins to rise */
function channel(low: number, high: number, turn: number): number {
  const place = turn - 6 * Math.floor(turn / 6)
  if (place < 1) return low + (high - low) * place
  if (place < 3) return high
  return place < 4 ? low + (high - low) * (4 - place) : low
}
