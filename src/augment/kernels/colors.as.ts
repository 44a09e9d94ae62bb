// Between colour spaces, [pixels, 3] to the same; sixteen bytes beyond the end may be read and overwritten.

/** A channel of four pixels as i32. */
// @ts-ignore: decorator
@inline
function channelOf(pixels: v128, first: i8): v128 {
  const one = i32x4(0, 3, 6, 9)
  return i8x16.swizzle(pixels, v128.or(i32x4.add(one, i32x4.splat(first)), i32x4.splat(0xffffff00)))
}

/** Four pixels of three channels in i32, 0 … 255. */
// @ts-ignore: decorator
@inline
function storeChannels(to: usize, first: v128, second: v128, third: v128): void {
  const packed = v128.or(v128.or(first, i32x4.shl(second, 8)), i32x4.shl(third, 16))
  v128.store(to, i8x16.swizzle(packed, i8x16(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1)))
}

/** Rounded half to even, as i32: added to 1.5 · 2²³ it stands in the lowest bits. */
// @ts-ignore: decorator
@inline
function wholeOf(singles: v128): v128 {
  return i32x4.sub(f32x4.add(singles, f32x4.splat(12582912)), i32x4.splat(0x4b400000))
}

/** numerator / divisor, rounded; anything where the divisor is 0. */
// @ts-ignore: decorator
@inline
function scaleOf(numerator: f32, divisor: v128): v128 {
  return wholeOf(f32x4.div(f32x4.splat(numerator), f32x4.convert_i32x4_s(divisor)))
}

/** RGB to 8-bit HSV in OpenCV's 12-bit fixed point: hue in half degrees, 0 … 179, saturation and value 0 … 255. */
export function rgbToHsv(from: usize, to: usize, pixels: i32): void {
  const half = i32x4.splat(2048)
  for (let i = 0; i < pixels; i += 4) {
    const colors = v128.load(from)
    const r = channelOf(colors, 0)
    const g = channelOf(colors, 1)
    const b = channelOf(colors, 2)
    const value = i32x4.max_s(i32x4.max_s(r, g), b)
    const spread = i32x4.sub(value, i32x4.min_s(i32x4.min_s(r, g), b))
    const twice = i32x4.add(spread, spread)
    const greenTurn = i32x4.add(i32x4.sub(b, r), twice)
    const blueTurn = i32x4.add(i32x4.sub(r, g), i32x4.add(twice, twice))
    const turn = v128.bitselect(i32x4.sub(g, b), v128.bitselect(greenTurn, blueTurn, i32x4.eq(value, g)), i32x4.eq(value, r))
    // 30 · 4096 / spread and 255 · 4096 / value as whole numbers; a spread of 0 is multiplied by whatever they are then.
    const hue = i32x4.shr_s(i32x4.add(i32x4.mul(turn, scaleOf(122880, spread)), half), 12)
    const saturation = i32x4.shr_s(i32x4.add(i32x4.mul(spread, scaleOf(1044480, value)), half), 12)
    const turned = i32x4.add(hue, v128.and(i32x4.shr_s(hue, 31), i32x4.splat(180)))
    storeChannels(to, turned, saturation, value)
    from += 12
    to += 12
  }
}

/**
 * The way back, rounded once (half to even). Levels are v · whole / 7650 with whole numbers that f32 holds, and its division is
 * rounded correctly.
 */
export function hsvToRgb(from: usize, to: usize, pixels: i32): void {
  const one = i32x4.splat(7650)
  const lowest = i32x4.splat(0xff)
  for (let i = 0; i < pixels; i += 4) {
    const colors = v128.load(from)
    const hue = channelOf(colors, 0)
    const saturation = channelOf(colors, 1)
    const value = channelOf(colors, 2)
    // ⌊hue / 30⌋ for all of eight bits.
    const sector = i32x4.shr_u(i32x4.mul(hue, i32x4.splat(2185)), 16)
    const rest = i32x4.sub(hue, i32x4.mul(sector, i32x4.splat(30)))
    const falling = shareOf(value, i32x4.sub(one, i32x4.mul(saturation, rest)))
    const rising = shareOf(value, i32x4.sub(one, i32x4.mul(saturation, i32x4.sub(i32x4.splat(30), rest))))
    const low = shareOf(value, i32x4.sub(one, i32x4.mul(saturation, i32x4.splat(30))))
    // Of the four bytes of a pixel each colour picks one by the sector.
    const levels = v128.or(v128.or(value, i32x4.shl(rising, 8)), v128.or(i32x4.shl(falling, 16), i32x4.shl(low, 24)))
    const base = i32x4(0, 4, 8, 12)
    const red = i32x4.add(base, v128.and(i8x16.swizzle(i8x16(0, 2, 3, 3, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), sector), lowest))
    const green = i32x4.add(base, v128.and(i8x16.swizzle(i8x16(1, 0, 0, 2, 3, 3, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0), sector), lowest))
    const blue = i32x4.add(base, v128.and(i8x16.swizzle(i8x16(3, 3, 1, 0, 0, 2, 3, 3, 3, 0, 0, 0, 0, 0, 0, 0), sector), lowest))
    const picked = v128.or(v128.or(red, i32x4.shl(green, 8)), i32x4.shl(blue, 16))
    const order = i8x16.swizzle(picked, i8x16(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1))
    v128.store(to, i8x16.swizzle(levels, order))
    from += 12
    to += 12
  }
}

/** value · whole / 7650 */
// @ts-ignore: decorator
@inline
function shareOf(value: v128, whole: v128): v128 {
  return wholeOf(f32x4.div(f32x4.convert_i32x4_s(i32x4.mul(value, whole)), f32x4.splat(7650)))
}

/**
 * RGB to 8-bit Lab in OpenCV's fixed point (RGB2Lab_b).
 * @param weights i32 of RGB to XYZ, [3, 3]; light i32 of each level; root i32 of each light
 */
export function rgbToLab(from: usize, to: usize, pixels: i32, weights: usize, light: usize, root: usize): void {
  const xr = load<i32>(weights), xg = load<i32>(weights, 4), xb = load<i32>(weights, 8)
  const yr = load<i32>(weights, 12), yg = load<i32>(weights, 16), yb = load<i32>(weights, 20)
  const zr = load<i32>(weights, 24), zg = load<i32>(weights, 28), zb = load<i32>(weights, 32)
  // 16 · 255 / 100 and 128 in 15 bits, the half that rounds with them.
  const shift: i32 = 1336934 - 16384
  const middle: i32 = 128 * 32768 + 16384
  for (const end = from + 3 * <usize>pixels; from < end; from += 3) {
    const r = load<i32>(light + (<usize>load<u8>(from) << 2))
    const g = load<i32>(light + (<usize>load<u8>(from, 1) << 2))
    const b = load<i32>(light + (<usize>load<u8>(from, 2) << 2))
    const x = load<i32>(root + (<usize>((xr * r + xg * g + xb * b + 2048) >> 12) << 2))
    const y = load<i32>(root + (<usize>((yr * r + yg * g + yb * b + 2048) >> 12) << 2))
    const z = load<i32>(root + (<usize>((zr * r + zg * g + zb * b + 2048) >> 12) << 2))
    store<u8>(to, clamped((296 * y - shift) >> 15))
    store<u8>(to + 1, clamped((500 * (x - y) + middle) >> 15))
    store<u8>(to + 2, clamped((200 * (y - z) + middle) >> 15))
    to += 3
  }
}

// @ts-ignore: decorator
@inline
function clamped(value: i32): i32 {
  return min(max(value, 0), 255)
}

/**
 * 8-bit Lab to RGB, in double.
 * @param roots f64 of f(Y) by L, of f(X) − f(Y) by a and of f(Y) − f(Z) by b, each of 256
 * @param levels u8 of 4097 steps of linear light
 */
export function labToRgb(from: usize, to: usize, pixels: i32, roots: usize, levels: usize): void {
  for (const end = from + 3 * <usize>pixels; from < end; from += 3) {
    const fy = load<f64>(roots + (<usize>load<u8>(from) << 3))
    const x = 0.950456 * cubed(fy + load<f64>(roots + (<usize>load<u8>(from, 1) << 3), 2048))
    const y = cubed(fy)
    const z = 1.088754 * cubed(fy - load<f64>(roots + (<usize>load<u8>(from, 2) << 3), 4096))
    store<u8>(to, load<u8>(levels + <usize>stepOf(3.240479 * x - 1.53715 * y - 0.498535 * z)))
    store<u8>(to + 1, load<u8>(levels + <usize>stepOf(-0.969256 * x + 1.875991 * y + 0.041556 * z)))
    store<u8>(to + 2, load<u8>(levels + <usize>stepOf(0.055648 * x - 0.204043 * y + 1.057311 * z)))
    to += 3
  }
}

/** The inverse of Lab's root. */
// @ts-ignore: decorator
@inline
function cubed(f: f64): f64 {
  return f > 0.206893 ? f * f * f : (f - 16.0 / 116.0) / 7.787
}

// @ts-ignore: decorator
@inline
function stepOf(light: f64): i32 {
  return <i32>(min(max(light, 0), 1) * 4096 + 0.5)
}
