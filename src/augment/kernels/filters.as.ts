// Filters of 8-bit images of interleaved channels. Each reads an image with its border around it (padImage) and writes
// [height, bytes], where `bytes` is width · channels; sixteen bytes beyond its end may be overwritten.

/** …2 1 | 0 1 2 … n−1 | n−2…, repeated as often as the border needs (OpenCV BORDER_REFLECT_101). */
export function mirrored(index: i32, length: i32): i32 {
  if (index >= 0 && index < length) return index
  if (length == 1) return 0
  const period = 2 * (length - 1)
  const rest = index % period
  const inPeriod = rest < 0 ? rest + period : rest
  return inPeriod < length ? inPeriod : period - inPeriod
}

/** An image [height, width, channels] with a border of `radius` pixels, mirrored or its outermost pixel; rows are `stride` bytes apart. */
export function padImage(
  from: usize,
  height: i32,
  width: i32,
  channels: i32,
  radius: i32,
  isMirrored: bool,
  to: usize,
  stride: i32,
): void {
  const bytes = width * channels
  for (let y = -radius; y < height + radius; y++) {
    const row = from + <usize>(bytes * (isMirrored ? mirrored(y, height) : min(max(y, 0), height - 1)))
    const inner = to + <usize>(radius * channels)
    memory.copy(inner, row, bytes)
    for (let i = 1; i <= radius; i++) {
      const left = isMirrored ? mirrored(-i, width) : 0
      const right = isMirrored ? mirrored(width - 1 + i, width) : width - 1
      memory.copy(inner - <usize>(i * channels), row + <usize>(left * channels), channels)
      memory.copy(inner + <usize>(bytes + (i - 1) * channels), row + <usize>(right * channels), channels)
    }
    to += stride
  }
}

/** Sixteen levels of f32 (below 2¹⁵), rounded half to even and clamped: added to 1.5 · 2²³ they stand in the lowest bits. */
// @ts-ignore: decorator
@inline
export function levelsOfSingles(a: v128, b: v128, c: v128, d: v128): v128 {
  const shift = f32x4.splat(12582912)
  const lower = i16x8.shuffle(f32x4.add(a, shift), f32x4.add(b, shift), 0, 2, 4, 6, 8, 10, 12, 14)
  const upper = i16x8.shuffle(f32x4.add(c, shift), f32x4.add(d, shift), 0, 2, 4, 6, 8, 10, 12, 14)
  return i8x16.narrow_i16x8_u(lower, upper)
}

/** Four of f64, the same with 1.5 · 2⁵², as i32. */
// @ts-ignore: decorator
@inline
function levelsOfDoubles(a: v128, b: v128): v128 {
  const shift = f64x2.splat(6755399441055744)
  return i32x4.shuffle(f64x2.add(a, shift), f64x2.add(b, shift), 0, 2, 4, 6)
}

// @ts-ignore: decorator
@inline
function lowDoubles(whole: v128): v128 {
  return f64x2.convert_low_i32x4_s(whole)
}

// @ts-ignore: decorator
@inline
function highDoubles(whole: v128): v128 {
  return f64x2.convert_low_i32x4_s(i32x4.shuffle(whole, whole, 2, 3, 2, 3))
}

/** As unsigned 16 bits, the sums of a square of at most so many pixels a side fit. */
const largestShortSide: i32 = 15

/**
 * Mean of a square of `side` pixels, rounded once: sums of columns go down the image, a square is a sum of them.
 * @param columns u16 of a row of the padded image
 */
export function boxBlur(
  padded: usize,
  stride: i32,
  height: i32,
  bytes: i32,
  channels: i32,
  side: i32,
  columns: usize,
  to: usize,
): void {
  memory.fill(columns, 0, <usize>stride << 1)
  const none = i16x8.splat(0)
  for (let y = 0; y < side - 1; y++) {
    const row = padded + <usize>(y * stride)
    for (let i = 0; i < stride; i += 8) addColumns(columns + (<usize>i << 1), v128.load8x8_u(row + <usize>i), none)
  }
  for (let y = 0; y < height; y++) {
    const leaving = padded + <usize>(y * stride)
    const entering = leaving + <usize>((side - 1) * stride)
    for (let i = 0; i < stride; i += 8)
      addColumns(columns + (<usize>i << 1), v128.load8x8_u(entering + <usize>i), none)
    if (side <= largestShortSide) boxRow(columns, bytes, channels, side, to)
    else wideBoxRow(columns, bytes, channels, side, to)
    for (let i = 0; i < stride; i += 8) addColumns(columns + (<usize>i << 1), none, v128.load8x8_u(leaving + <usize>i))
    to += bytes
  }
}

// @ts-ignore: decorator
@inline
function addColumns(at: usize, entering: v128, leaving: v128): void {
  v128.store(at, i16x8.sub(i16x8.add(v128.load(at), entering), leaving))
}

function boxRow(columns: usize, bytes: i32, channels: i32, side: i32, to: usize): void {
  const share = f32x4.splat(<f32>1 / <f32>(side * side))
  const step = <usize>channels << 1
  for (let i = 0; i < bytes; i += 16) {
    let at = columns + (<usize>i << 1)
    let low = v128.load(at)
    let high = v128.load(at, 16)
    for (let k = 1; k < side; k++) {
      at += step
      low = i16x8.add(low, v128.load(at))
      high = i16x8.add(high, v128.load(at, 16))
    }
    v128.store(
      to + <usize>i,
      levelsOfSingles(
        f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(low)), share),
        f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_u(low)), share),
        f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(high)), share),
        f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_u(high)), share),
      ),
    )
  }
}

/** Running sums of one channel after the other. A square of an odd side has no mean half-way between two levels. */
function wideBoxRow(columns: usize, bytes: i32, channels: i32, side: i32, to: usize): void {
  const share = 1 / <f64>(side * side)
  const span = <usize>(side * channels) << 1
  for (let c = 0; c < channels; c++) {
    let sum: i32 = 0
    for (let k = 0; k < side; k++) sum += load<u16>(columns + (<usize>(c + k * channels) << 1))
    for (let i = c; i < bytes; i += channels) {
      const at = columns + (<usize>i << 1)
      store<u8>(to + <usize>i, <i32>(<f64>sum * share + 0.5))
      sum += <i32>load<u16>(at + span) - <i32>load<u16>(at)
    }
  }
}

/**
 * Correlation, in double and rounded once (half to even).
 * @param groups of taps that have one weight: f64 weight, i32 count (at most 257), padding to 16 bytes
 * @param taps i32 of each tap in the order of the groups: bytes from the upper left of the kernel
 */
export function convolve(
  padded: usize,
  stride: i32,
  height: i32,
  bytes: i32,
  groups: usize,
  groupCount: i32,
  taps: usize,
  to: usize,
): void {
  for (let y = 0; y < height; y++) {
    for (let i = 0; i < bytes; i += 16)
      v128.store(to + <usize>i, convolvedAt(padded + <usize>i, groups, groupCount, taps))
    padded += stride
    to += bytes
  }
}

// @ts-ignore: decorator
@inline
function convolvedAt(corner: usize, groups: usize, groupCount: i32, taps: usize): v128 {
  let a = f64x2.splat(0), b = a, c = a, d = a, e = a, f = a, g = a, h = a
  for (let group = 0; group < groupCount; group++) {
    let low = i16x8.splat(0)
    let high = low
    for (const end = taps + (<usize>load<i32>(groups, 8) << 2); taps < end; taps += 4) {
      const at = corner + <usize>load<i32>(taps)
      low = i16x8.add(low, v128.load8x8_u(at))
      high = i16x8.add(high, v128.load8x8_u(at, 8))
    }
    const weight = v128.load64_splat(groups)
    const first = i32x4.extend_low_i16x8_u(low)
    const second = i32x4.extend_high_i16x8_u(low)
    const third = i32x4.extend_low_i16x8_u(high)
    const fourth = i32x4.extend_high_i16x8_u(high)
    a = f64x2.add(a, f64x2.mul(lowDoubles(first), weight))
    b = f64x2.add(b, f64x2.mul(highDoubles(first), weight))
    c = f64x2.add(c, f64x2.mul(lowDoubles(second), weight))
    d = f64x2.add(d, f64x2.mul(highDoubles(second), weight))
    e = f64x2.add(e, f64x2.mul(lowDoubles(third), weight))
    f = f64x2.add(f, f64x2.mul(highDoubles(third), weight))
    g = f64x2.add(g, f64x2.mul(lowDoubles(fourth), weight))
    h = f64x2.add(h, f64x2.mul(highDoubles(fourth), weight))
    groups += 16
  }
  return i8x16.narrow_i16x8_u(
    i16x8.narrow_i32x4_s(levelsOfDoubles(a, b), levelsOfDoubles(c, d)),
    i16x8.narrow_i32x4_s(levelsOfDoubles(e, f), levelsOfDoubles(g, h)),
  )
}

/**
 * A symmetric kernel of seven taps along both axes, in whole numbers and rounded half to even: nothing is lost.
 * @param w0, w1, w2, w3 its weights from the middle, of 64: w0 + 2 · (w1 + w2 + w3) = 64
 * @param columns u16 of a row of the padded image, whose border is of three pixels
 */
export function sevenTaps(
  padded: usize,
  stride: i32,
  height: i32,
  bytes: i32,
  channels: i32,
  w0: i32,
  w1: i32,
  w2: i32,
  w3: i32,
  columns: usize,
  to: usize,
): void {
  const v0 = i16x8.splat(<i16>w0)
  const v1 = i16x8.splat(<i16>w1)
  const v2 = i16x8.splat(<i16>w2)
  const v3 = i16x8.splat(<i16>w3)
  const inner = i32x4.splat((w1 << 16) | w0)
  const outer = i32x4.splat((w3 << 16) | w2)
  const step = <usize>channels << 1
  const rowStep = <usize>stride
  for (let y = 0; y < height; y++) {
    for (let i: usize = 0; i < rowStep; i += 8) {
      const at = padded + i
      const sum0 = i16x8.mul(v128.load8x8_u(at + 3 * rowStep), v0)
      const sum1 = i16x8.mul(i16x8.add(v128.load8x8_u(at + 2 * rowStep), v128.load8x8_u(at + 4 * rowStep)), v1)
      const sum2 = i16x8.mul(i16x8.add(v128.load8x8_u(at + rowStep), v128.load8x8_u(at + 5 * rowStep)), v2)
      const sum3 = i16x8.mul(i16x8.add(v128.load8x8_u(at), v128.load8x8_u(at + 6 * rowStep)), v3)
      v128.store(columns + (i << 1), i16x8.add(i16x8.add(sum0, sum1), i16x8.add(sum2, sum3)))
    }
    for (let i = 0; i < bytes; i += 16) {
      const at = columns + (<usize>i << 1)
      v128.store(
        to + <usize>i,
        i8x16.narrow_i16x8_u(sevenColumns(at, step, inner, outer), sevenColumns(at + 16, step, inner, outer)),
      )
    }
    padded += rowStep
    to += bytes
  }
}

/** Eight levels. Sums of columns are at most 64 · 255, so that two of them are still positive in 16 bits. */
// @ts-ignore: decorator
@inline
function sevenColumns(at: usize, step: usize, inner: v128, outer: v128): v128 {
  const c0 = v128.load(at + 3 * step)
  const c1 = i16x8.add(v128.load(at + 2 * step), v128.load(at + 4 * step))
  const c2 = i16x8.add(v128.load(at + step), v128.load(at + 5 * step))
  const c3 = i16x8.add(v128.load(at), v128.load(at + 6 * step))
  return i16x8.narrow_i32x4_s(
    rounded12(
      i32x4.add(
        i32x4.dot_i16x8_s(i16x8.shuffle(c0, c1, 0, 8, 1, 9, 2, 10, 3, 11), inner),
        i32x4.dot_i16x8_s(i16x8.shuffle(c2, c3, 0, 8, 1, 9, 2, 10, 3, 11), outer),
      ),
    ),
    rounded12(
      i32x4.add(
        i32x4.dot_i16x8_s(i16x8.shuffle(c0, c1, 4, 12, 5, 13, 6, 14, 7, 15), inner),
        i32x4.dot_i16x8_s(i16x8.shuffle(c2, c3, 4, 12, 5, 13, 6, 14, 7, 15), outer),
      ),
    ),
  )
}

/** Without its lowest twelve bits, rounded half to even. */
// @ts-ignore: decorator
@inline
function rounded12(value: v128): v128 {
  const isOdd = v128.and(i32x4.shr_u(value, 12), i32x4.splat(1))
  return i32x4.shr_u(i32x4.add(i32x4.add(value, i32x4.splat(2047)), isOdd), 12)
}

/**
 * Any symmetric kernel along both axes, in double and rounded once (half to even).
 * @param half f64 weights of radius + 1 taps, from the middle
 * @param columns f64 of a row of the padded image
 */
export function symmetricBlur(
  padded: usize,
  stride: i32,
  height: i32,
  bytes: i32,
  channels: i32,
  radius: i32,
  half: usize,
  columns: usize,
  to: usize,
): void {
  for (let y = 0; y < height; y++) {
    const middle = padded + <usize>((y + radius) * stride)
    for (let i = 0; i < stride; i += 4) {
      const at = middle + <usize>i
      let whole = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(at)))
      let weight = v128.load64_splat(half)
      let first = f64x2.mul(lowDoubles(whole), weight)
      let second = f64x2.mul(highDoubles(whole), weight)
      for (let k = 1; k <= radius; k++) {
        const above = i16x8.extend_low_i8x16_u(v128.load32_zero(at - <usize>(k * stride)))
        const below = i16x8.extend_low_i8x16_u(v128.load32_zero(at + <usize>(k * stride)))
        whole = i32x4.extend_low_i16x8_u(i16x8.add(above, below))
        weight = v128.load64_splat(half + (<usize>k << 3))
        first = f64x2.add(first, f64x2.mul(lowDoubles(whole), weight))
        second = f64x2.add(second, f64x2.mul(highDoubles(whole), weight))
      }
      v128.store(columns + (<usize>i << 3), first)
      v128.store(columns + (<usize>i << 3), second, 16)
    }
    const step = <usize>channels << 3
    for (let i = 0; i < bytes; i += 4) {
      const at = columns + (<usize>i << 3) + step * radius
      let weight = v128.load64_splat(half)
      let first = f64x2.mul(v128.load(at), weight)
      let second = f64x2.mul(v128.load(at, 16), weight)
      for (let k = 1; k <= radius; k++) {
        const left = at - step * k
        const right = at + step * k
        weight = v128.load64_splat(half + (<usize>k << 3))
        first = f64x2.add(first, f64x2.mul(f64x2.add(v128.load(left), v128.load(right)), weight))
        second = f64x2.add(second, f64x2.mul(f64x2.add(v128.load(left, 16), v128.load(right, 16)), weight))
      }
      const level = i16x8.narrow_i32x4_s(levelsOfDoubles(first, second), i32x4.splat(0))
      v128.store_lane<u32>(to + <usize>i, i8x16.narrow_i16x8_u(level, level), 0)
    }
    to += bytes
  }
}

/**
 * Median of a square of `side` pixels, at most 15: bit by bit from the highest, the greatest level that at least half of
 * the square reaches.
 */
export function median(
  padded: usize,
  stride: i32,
  height: i32,
  bytes: i32,
  channels: i32,
  side: i32,
  to: usize,
): void {
  const half = i8x16.splat(<i8>((side * side + 1) >> 1))
  const span = <usize>(side * channels)
  for (let y = 0; y < height; y++) {
    for (let i = 0; i < bytes; i += 16) {
      let found = i8x16.splat(0)
      for (let bit = 128; bit > 0; bit >>= 1) {
        const tried = v128.or(found, i8x16.splat(<i8>bit))
        let count = i8x16.splat(0)
        let row = padded + <usize>i
        for (let k = 0; k < side; k++) {
          for (let at = row; at < row + span; at += channels) count = i8x16.sub(count, i8x16.ge_u(v128.load(at), tried))
          row += stride
        }
        found = v128.bitselect(tried, found, i8x16.ge_u(count, half))
      }
      v128.store(to + <usize>i, found)
    }
    padded += stride
    to += bytes
  }
}
