// AssemblyScript, compiled by scripts/kernels.mjs into kernels.wasm.ts: the loops over pixels that JavaScript has no SIMD for.
// Addresses are bytes of the memory; src/augment/kernels/kernels.ts lays it out.
import { mirrored } from './filters.as'

export * from './colors.as'
export * from './filters.as'
export * from './levels.as'

/** Weights are whole multiples of 2⁻¹¹, sums of 2⁻²²: what they lose is a hundredth of a gray level on a slope of ten. */
const bits: i32 = 11
const one: f64 = 2048

let image: usize = 0
let mask: usize = 0
let width: i32 = 0
let height: i32 = 0
/** As in src/augment/warp/border.ts: constant, replicate, reflect, wrap, reflect_101. */
let border: i32 = 0
let outside: v128 = i32x4.splat(0)
let label: u8 = 0

/** @param imageAt [h, w, 3] and four bytes more; maskAt [h, w] */
export function setSource(
  imageAt: usize,
  maskAt: usize,
  w: i32,
  h: i32,
  mode: i32,
  red: i32,
  green: i32,
  blue: i32,
  outsideLabel: i32,
): void {
  image = imageAt
  mask = maskAt
  width = w
  height = h
  border = mode
  outside = i32x4.replace_lane(i32x4.replace_lane(i32x4.splat(red), 1, green), 2, blue)
  label = <u8>outsideLabel
}

// @ts-ignore: decorator
@inline
function modulo(value: i32, divisor: i32): i32 {
  const rest = value % divisor
  return rest < 0 ? rest + divisor : rest
}

/** borderIndex of src/augment/warp/border.ts. */
function indexOf(index: i32, length: i32): i32 {
  if (index >= 0 && index < length) return index
  if (border == 0) return -1
  if (border == 1) return index < 0 ? 0 : length - 1
  if (border == 3) return modulo(index, length)
  if (border == 2) {
    const inPeriod = modulo(index, 2 * length)
    return inPeriod < length ? inPeriod : 2 * length - 1 - inPeriod
  }
  return mirrored(index, length)
}

/** Two neighbouring pixels from six bytes of eight, each channel beside its own: r r g g b b, sixteen bits each. */
// @ts-ignore: decorator
@inline
function pairAt(at: usize): v128 {
  return i8x16.swizzle(v128.load64_zero(at), i8x16(0, -1, 3, -1, 1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1))
}

/** A row's pair of which some pixel may lie outside. */
function pairOrOutside(row: i32, left: i32, right: i32): v128 {
  const a = row < 0 || left < 0 ? outside : pairAt(image + 3 * <usize>(row * width + left))
  const b = row < 0 || right < 0 ? outside : pairAt(image + 3 * <usize>(row * width + right))
  // The left one of both: in every lane of 32 bits the lower half from a, the upper from b.
  return v128.or(v128.and(a, i32x4.splat(0xffff)), i32x4.shl(b, 16))
}

/** Of a pair the left pixel by 1 − fx and the right by fx, then the two rows by 1 − fy and fy; red, green, blue in the first bytes. */
// @ts-ignore: decorator
@inline
function between(above: v128, below: v128, fx: i32, fy: i32): v128 {
  const weights = i32x4.splat((fx << 16) | (2048 - fx))
  const upper = i32x4.dot_i16x8_s(above, weights)
  const lower = i32x4.dot_i16x8_s(below, weights)
  const sum = i32x4.add(i32x4.shl(upper, bits), i32x4.mul(i32x4.sub(lower, upper), i32x4.splat(fy)))
  // Rounded, the gray level stands in bits 22 to 29: two further on it is the highest byte.
  const level = i32x4.shl(i32x4.add(sum, i32x4.splat(1 << (2 * bits - 1))), 24 - 2 * bits)
  return i8x16.swizzle(level, i8x16(3, 7, 11, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1))
}

/**
 * One row: colours bilinear and rounded once, labels at ⌊v + ½⌋.
 * @param xs, ys f64 of each pixel: where it is read
 * @param imageTo [count, 3] and a byte more that is overwritten; maskTo [count]
 */
export function warpRow(xs: usize, ys: usize, count: i32, imageTo: usize, maskTo: usize): void {
  const lastX = <f64>(width - 1)
  const lastY = <f64>(height - 1)
  const stride = <usize>width * 3
  for (let i: i32 = 0; i < count; i++) {
    const x = load<f64>(xs)
    const y = load<f64>(ys)
    let color: v128
    let found: i32
    if (x >= 0 && x < lastX && y >= 0 && y < lastY) {
      const x0 = <i32>x
      const y0 = <i32>y
      const restX = x - <f64>x0
      const restY = y - <f64>y0
      const from = y0 * width + x0
      const at = image + 3 * <usize>from
      color = between(pairAt(at), pairAt(at + stride), <i32>(restX * one + 0.5), <i32>(restY * one + 0.5))
      found = from + (restY >= 0.5 ? width : 0) + (restX >= 0.5 ? 1 : 0)
    } else {
      const wholeX = floor(min(max(x, -1e9), 1e9))
      const wholeY = floor(min(max(y, -1e9), 1e9))
      const restX = x - wholeX
      const restY = y - wholeY
      const left = indexOf(<i32>wholeX, width)
      const right = indexOf(<i32>wholeX + 1, width)
      const upper = indexOf(<i32>wholeY, height)
      const lower = indexOf(<i32>wholeY + 1, height)
      color = between(
        pairOrOutside(upper, left, right),
        pairOrOutside(lower, left, right),
        <i32>(min(restX, 1) * one + 0.5),
        <i32>(min(restY, 1) * one + 0.5),
      )
      const column = restX >= 0.5 ? right : left
      const row = restY >= 0.5 ? lower : upper
      found = row < 0 || column < 0 ? -1 : row * width + column
    }
    v128.store_lane<u32>(imageTo, color, 0)
    store<u8>(maskTo, found < 0 ? label : load<u8>(mask + <usize>found))
    maskTo += 1
    xs += 8
    ys += 8
    imageTo += 3
  }
}

/** Where a row is read by a matrix: pixel i at (x0 + i · dx) / (w0 + i · dw) and the same for y. */
export function matrixRow(
  xs: usize,
  ys: usize,
  count: i32,
  x0: f64,
  y0: f64,
  w0: f64,
  dx: f64,
  dy: f64,
  dw: f64,
): void {
  if (dw == 0 && w0 == 1) {
    const end = xs + ((<usize>count) << 3)
    let i: f64 = 0
    for (; xs < end; xs += 8) {
      store<f64>(xs, x0 + i * dx)
      store<f64>(ys, y0 + i * dy)
      ys += 8
      i += 1
    }
    return
  }
  for (let i: i32 = 0; i < count; i++) {
    const w = 1 / (w0 + <f64>i * dw)
    store<f64>(xs + ((<usize>i) << 3), (x0 + <f64>i * dx) * w)
    store<f64>(ys + ((<usize>i) << 3), (y0 + <f64>i * dy) * w)
  }
}

/**
 * A walk in whole pixels: output (y, x) comes from pixel `start` + y · rowStep + x · columnStep.
 * @param colors [pixels, 3] and four bytes more; colorsTo [height, width, 3] and a byte more that is overwritten
 */
export function walkPixels(
  colors: usize,
  labels: usize,
  start: i32,
  rowStep: i32,
  columnStep: i32,
  height: i32,
  width: i32,
  colorsTo: usize,
  labelsTo: usize,
): void {
  if (columnStep != 1 && columnStep != -1) {
    for (let top = 0; top < height; top += tile)
      for (let left = 0; left < width; left += tile) {
        const to = <usize>(top * width + left)
        const first = start + top * rowStep + left * columnStep
        const rows = min(tile, height - top)
        walkTile(colors, labels, first, rowStep, columnStep, rows, min(tile, width - left), colorsTo + 3 * to, labelsTo + to, width)
      }
    return
  }
  for (let y = 0; y < height; y++) {
    const from = <usize>(start + y * rowStep)
    const to = <usize>(y * width)
    if (columnStep == 1) {
      memory.copy(colorsTo + 3 * to, colors + 3 * from, 3 * width)
      memory.copy(labelsTo + to, labels + from, width)
    } else {
      const first = from - <usize>(width - 1)
      reverseColors(colors + 3 * first, colorsTo + 3 * to, width)
      reverseLabels(labels + first, labelsTo + to, width)
    }
  }
}

/** Pixels a side: where rows become columns, a tile of both images stays in the nearest cache. */
const tile: i32 = 32

function walkTile(
  colors: usize,
  labels: usize,
  start: i32,
  rowStep: i32,
  columnStep: i32,
  rows: i32,
  columns: i32,
  colorsTo: usize,
  labelsTo: usize,
  width: i32,
): void {
  for (let y = 0; y < rows; y++) {
    let from = <usize>(start + y * rowStep)
    let to = colorsTo
    for (let x = 0; x < columns - 1; x++) {
      // The fourth byte is overwritten by the next pixel.
      store<u32>(to, load<u32>(colors + 3 * from))
      store<u8>(labelsTo + x, load<u8>(labels + from))
      from += columnStep
      to += 3
    }
    store<u16>(to, load<u16>(colors + 3 * from))
    store<u8>(to + 2, load<u8>(colors + 3 * from, 2))
    store<u8>(labelsTo + <usize>(columns - 1), load<u8>(labels + from))
    colorsTo += 3 * width
    labelsTo += width
  }
}

/** The source (`setSource`) inside a larger image, its upper left pixel at (top, left). A byte beyond each output is overwritten. */
export function padSource(top: i32, left: i32, toHeight: i32, toWidth: i32, colorsTo: usize, labelsTo: usize): void {
  for (let y = 0; y < toHeight; y++) {
    const row = indexOf(y - top, height)
    for (let x = 0; x < left; x++) padPixel(row, x - left, colorsTo + 3 * <usize>x, labelsTo + <usize>x)
    const inner = row < 0 ? 0 : width
    if (row >= 0) {
      memory.copy(colorsTo + 3 * left, image + <usize>(3 * row * width), 3 * width)
      memory.copy(labelsTo + left, mask + <usize>(row * width), width)
    }
    for (let x = left + inner; x < toWidth; x++) padPixel(row, x - left, colorsTo + 3 * <usize>x, labelsTo + <usize>x)
    colorsTo += 3 * toWidth
    labelsTo += toWidth
  }
}

// @ts-ignore: decorator
@inline
function padPixel(row: i32, x: i32, colorTo: usize, labelTo: usize): void {
  const column = indexOf(x, width)
  if (row < 0 || column < 0) {
    v128.store_lane<u32>(colorTo, i8x16.swizzle(outside, i8x16(0, 4, 8, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1)), 0)
    store<u8>(labelTo, label)
  } else {
    const from = <usize>(row * width + column)
    store<u32>(colorTo, load<u32>(image + 3 * from))
    store<u8>(labelTo, load<u8>(mask + from))
  }
}

function reverseColors(from: usize, to: usize, count: i32): void {
  let at = from + 3 * <usize>count
  let left = count
  // Five pixels of sixteen bytes: the sixteenth is overwritten by the next five.
  for (; left >= 5; left -= 5) {
    at -= 15
    v128.store(
      to,
      i8x16.swizzle(v128.load(at), i8x16(12, 13, 14, 9, 10, 11, 6, 7, 8, 3, 4, 5, 0, 1, 2, 15)),
    )
    to += 15
  }
  for (; left > 0; left--) {
    at -= 3
    store<u8>(to, load<u8>(at))
    store<u8>(to + 1, load<u8>(at, 1))
    store<u8>(to + 2, load<u8>(at, 2))
    to += 3
  }
}

function reverseLabels(from: usize, to: usize, count: i32): void {
  let at = from + <usize>count
  let left = count
  for (; left >= 16; left -= 16) {
    at -= 16
    v128.store(
      to,
      i8x16.swizzle(v128.load(at), i8x16(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)),
    )
    to += 16
  }
  for (; left > 0; left--) {
    at -= 1
    store<u8>(to, load<u8>(at))
    to += 1
  }
}

/**
 * A bilinear resize of [.., sourceWidth, 3], whose rows are `bytes` apart, and fifteen bytes more.
 * @param rows i32 triples of each output row: the source rows above and below it, and the weight of the lower one, of 2048
 * @param blended, places as resizeRow takes them
 */
export function resizeRows(
  source: usize,
  bytes: i32,
  rows: usize,
  blended: usize,
  places: usize,
  height: i32,
  width: i32,
  to: usize,
): void {
  for (let y = 0; y < height; y++) {
    const upper = source + <usize>(load<i32>(rows) * bytes)
    const lower = source + <usize>(load<i32>(rows, 4) * bytes)
    resizeRow(upper, lower, bytes, load<i32>(rows, 8), blended, places, width, to)
    rows += 12
    to += 3 * width
  }
}

/** Labels of [.., sourceWidth] at i32 `rows` and `columns`. → [height, width] */
export function pickLabels(
  labels: usize,
  sourceWidth: i32,
  rows: usize,
  columns: usize,
  height: i32,
  width: i32,
  to: usize,
): void {
  const endOfColumns = columns + (<usize>width << 2)
  for (let y = 0; y < height; y++) {
    const row = labels + <usize>(load<i32>(rows) * sourceWidth)
    for (let column = columns; column < endOfColumns; column += 4) {
      store<u8>(to, load<u8>(row + <usize>load<i32>(column)))
      to += 1
    }
    rows += 4
  }
}

/**
 * One row of a bilinear resize: two source rows are blended to fifteen bits, then their neighbours.
 * @param upper, lower source rows of `bytes` bytes, and fifteen more; fy weight of the lower one, of 2048
 * @param blended i16 of `bytes`, and thirty bytes more
 * @param places i32 pairs of each output pixel: six times the left pixel, and its weight and that of the right one in 16 bits each
 */
function resizeRow(
  upper: usize,
  lower: usize,
  bytes: i32,
  fy: i32,
  blended: usize,
  places: usize,
  count: i32,
  to: usize,
): void {
  const weights = i32x4.splat((fy << 16) | (2048 - fy))
  const round = i32x4.splat(8)
  for (let i: i32 = 0; i < bytes; i += 16) {
    const a = v128.load(upper + <usize>i)
    const b = v128.load(lower + <usize>i)
    const aLow = i16x8.extend_low_i8x16_u(a)
    const bLow = i16x8.extend_low_i8x16_u(b)
    const aHigh = i16x8.extend_high_i8x16_u(a)
    const bHigh = i16x8.extend_high_i8x16_u(b)
    const first = i32x4.dot_i16x8_s(i16x8.shuffle(aLow, bLow, 0, 8, 1, 9, 2, 10, 3, 11), weights)
    const second = i32x4.dot_i16x8_s(i16x8.shuffle(aLow, bLow, 4, 12, 5, 13, 6, 14, 7, 15), weights)
    const third = i32x4.dot_i16x8_s(i16x8.shuffle(aHigh, bHigh, 0, 8, 1, 9, 2, 10, 3, 11), weights)
    const fourth = i32x4.dot_i16x8_s(i16x8.shuffle(aHigh, bHigh, 4, 12, 5, 13, 6, 14, 7, 15), weights)
    const at = blended + (<usize>i << 1)
    v128.store(at, i16x8.narrow_i32x4_s(shifted(first, round), shifted(second, round)))
    v128.store(at, i16x8.narrow_i32x4_s(shifted(third, round), shifted(fourth, round)), 16)
  }
  const half = i32x4.splat(1 << 17)
  for (let i: i32 = 0; i < count; i++) {
    const pair = v128.load(blended + <usize>load<i32>(places))
    const sum = i32x4.dot_i16x8_s(
      i8x16.swizzle(pair, i8x16(0, 1, 6, 7, 2, 3, 8, 9, 4, 5, 10, 11, -1, -1, -1, -1)),
      v128.load32_splat(places, 4),
    )
    const level = i32x4.shl(i32x4.add(sum, half), 6)
    v128.store_lane<u32>(to, i8x16.swizzle(level, i8x16(3, 7, 11, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1)), 0)
    places += 8
    to += 3
  }
}

// @ts-ignore: decorator
@inline
function shifted(value: v128, round: v128): v128 {
  return i32x4.shr_s(i32x4.add(value, round), 4)
}

/**
 * sums += weight · (above + below), or sums = weight · above where `below` is 0, for rows of `count` f32, a multiple of 4.
 */
export function addRows(sums: usize, above: usize, below: usize, weight: f32, count: i32): void {
  const w = f32x4.splat(weight)
  for (let i: i32 = 0; i < count; i += 4) {
    if (below == 0) v128.store(sums, f32x4.mul(v128.load(above), w))
    else {
      v128.store(sums, f32x4.add(v128.load(sums), f32x4.mul(f32x4.add(v128.load(above), v128.load(below)), w)))
      below += 16
    }
    sums += 16
    above += 16
  }
}
