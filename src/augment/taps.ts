/** How pixels between pixels are found, in Albumentations' short names for OpenCV's flags. */
export type Interpolation = 'nearest' | 'linear' | 'area' | 'cubic'

/** Weighted source pixels of each output pixel along one axis: output i = Σₖ weights[i·count + k] · source[indices[i·count + k]]. */
export interface Taps {
  readonly count: number
  readonly indices: Int32Array
  readonly weights: Float64Array
}

/**
 * Taps that take an axis from `sourceLength` to `length` pixels, in exact arithmetic of the formulas that OpenCV uses.
 * Borders are replicated. `area` enlarges like `linear`.
 */
export function resizeTaps(sourceLength: number, length: number, interpolation: Interpolation): Taps {
  const scale = sourceLength / length
  switch (interpolation) {
    case 'nearest':
      return taps(length, 1, sourceLength, (i) => [Math.floor((i * sourceLength) / length), () => 1])
    case 'linear':
      return taps(length, 2, sourceLength, (i) => {
        const { whole, rest } = centred(i, scale)
        return [whole, (k) => (k === 0 ? 1 - rest : rest)]
      })
    case 'cubic':
      return taps(length, 4, sourceLength, (i) => {
        const { whole, rest } = centred(i, scale)
        return [whole - 1, (k) => keysCubic(rest + 1 - k)]
      })
    case 'area':
      return scale > 1 ? areaTaps(sourceLength, length) : resizeTaps(sourceLength, length, 'linear')
  }
}

/** Source position of an output pixel's centre, split into the pixel before it and the way beyond. */
function centred(i: number, scale: number): { readonly whole: number; readonly rest: number } {
  const position = (i + 0.5) * scale - 0.5
  const whole = Math.floor(position)
  return { whole, rest: position - whole }
}

/** Cubic convolution kernel with a = −0.75 (Keys 1981; OpenCV INTER_CUBIC). */
function keysCubic(distance: number): number {
  const a = -0.75
  const d = Math.abs(distance)
  if (d <= 1) return ((a + 2) * d - (a + 3)) * d * d + 1
  return d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0
}

/** Each output pixel is the mean of the source interval [i, i + 1) · scale. */
function areaTaps(sourceLength: number, length: number): Taps {
  const scale = sourceLength / length
  return taps(length, Math.ceil(scale) + 1, sourceLength, (i) => {
    const from = i * scale
    const to = from + scale
    const first = Math.floor(from)
    return [first, (k) => Math.max(0, Math.min(to, first + k + 1) - Math.max(from, first + k)) / scale]
  })
}

type TapsOfOne = readonly [first: number, weight: (k: number) => number]

function taps(length: number, count: number, sourceLength: number, of: (i: number) => TapsOfOne): Taps {
  const indices = new Int32Array(length * count)
  const weights = new Float64Array(length * count)
  for (let i = 0; i < length; i++) {
    const [first, weight] = of(i)
    for (let k = 0; k < count; k++) {
      indices[i * count + k] = Math.min(Math.max(first + k, 0), sourceLength - 1)
      weights[i * count + k] = weight(k)
    }
  }
  return { count, indices, weights }
}
