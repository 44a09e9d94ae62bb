// Levels of 8-bit images, sixteen at a time; sixteen bytes beyond the end may be read and overwritten.
import { levelsOfSingles } from './filters.as'

/** Each channel of [pixels, 3] through a table of its own. */
export function lookUpChannels(from: usize, to: usize, pixels: i32, tables: usize): void {
  for (const end = from + 3 * <usize>pixels; from < end; from += 3) {
    store<u8>(to, load<u8>(tables + <usize>load<u8>(from)))
    store<u8>(to + 1, load<u8>(tables + <usize>load<u8>(from, 1), 256))
    store<u8>(to + 2, load<u8>(tables + <usize>load<u8>(from, 2), 512))
    to += 3
  }
}

/** v · factor + added in f32, below 2¹⁵, rounded half to even and clamped. */
export function scaleLevels(from: usize, to: usize, count: i32, factor: f32, added: f32): void {
  const factors = f32x4.splat(factor)
  const summands = f32x4.splat(added)
  for (const end = from + count; from < end; from += 16) {
    const levels = v128.load(from)
    const low = i16x8.extend_low_i8x16_u(levels)
    const high = i16x8.extend_high_i8x16_u(levels)
    v128.store(
      to,
      levelsOfSingles(
        f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(low)), factors), summands),
        f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_u(low)), factors), summands),
        f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(high)), factors), summands),
        f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_u(high)), factors), summands),
      ),
    )
    to += 16
  }
}

/** Adds to every channel and clamps. @param shifts 48 bytes to add and 48 to subtract, of sixteen pixels */
export function shiftChannels(from: usize, to: usize, count: i32, shifts: usize): void {
  for (const end = from + count; from < end; from += 48) {
    for (let part: usize = 0; part < 48; part += 16) {
      const more = i8x16.add_sat_u(v128.load(from + part), v128.load(shifts + part))
      v128.store(to + part, i8x16.sub_sat_u(more, v128.load(shifts + part, 48)))
    }
    to += 48
  }
}

/** Gray levels of four pixels as i32: 0.299 R + 0.587 G + 0.114 B in 15-bit fixed point, as OpenCV's COLOR_RGB2GRAY. */
// @ts-ignore: decorator
@inline
function lumaAt(from: usize): v128 {
  const pixels = v128.load(from)
  const redGreen = i8x16.swizzle(pixels, i8x16(0, -1, 1, -1, 3, -1, 4, -1, 6, -1, 7, -1, 9, -1, 10, -1))
  const blue = i8x16.swizzle(pixels, i8x16(2, -1, -1, -1, 5, -1, -1, -1, 8, -1, -1, -1, 11, -1, -1, -1))
  const sum = i32x4.add(
    i32x4.dot_i16x8_s(redGreen, i32x4.splat((19235 << 16) | 9798)),
    i32x4.dot_i16x8_s(blue, i32x4.splat(3735)),
  )
  return i32x4.shr_u(i32x4.add(sum, i32x4.splat(16384)), 15)
}

/** [pixels, 3] → the same, each colour its gray level */
export function gray(from: usize, to: usize, pixels: i32): void {
  for (let i = 0; i < pixels; i += 4) {
    v128.store(to, i8x16.swizzle(lumaAt(from), i8x16(0, 0, 0, 4, 4, 4, 8, 8, 8, 12, 12, 12, -1, -1, -1, -1)))
    from += 12
    to += 12
  }
}

/** Sum of the gray levels of [pixels, 3]; behind them must be three black pixels and four bytes more. */
export function graySum(from: usize, pixels: i32): f64 {
  let sum = i64x2.splat(0)
  for (let i = 0; i < pixels; i += 4) {
    const levels = lumaAt(from)
    sum = i64x2.add(sum, i64x2.add(i64x2.extend_low_i32x4_u(levels), i64x2.extend_high_i32x4_u(levels)))
    from += 12
  }
  return <f64>(i64x2.extract_lane(sum, 0) + i64x2.extract_lane(sum, 1))
}

/** v · by + gray · (1 − by), in double and rounded half to even. [pixels, 3] */
export function saturate(from: usize, to: usize, pixels: i32, by: f64): void {
  const own = f64x2.splat(by)
  const rest = f64x2.splat(1 - by)
  const shift = f64x2.splat(6755399441055744)
  for (let i = 0; i < pixels; i += 4) {
    const levels = v128.load(from)
    const gray = lumaAt(from)
    const lowGray = f64x2.mul(f64x2.convert_low_i32x4_s(gray), rest)
    const highGray = f64x2.mul(f64x2.convert_low_i32x4_s(i32x4.shuffle(gray, gray, 2, 3, 2, 3)), rest)
    // One channel of four pixels after the other, then back among each other.
    const red = saturated(i8x16.swizzle(levels, i8x16(0, -1, -1, -1, 3, -1, -1, -1, 6, -1, -1, -1, 9, -1, -1, -1)), lowGray, highGray, own, shift)
    const green = saturated(i8x16.swizzle(levels, i8x16(1, -1, -1, -1, 4, -1, -1, -1, 7, -1, -1, -1, 10, -1, -1, -1)), lowGray, highGray, own, shift)
    const blue = saturated(i8x16.swizzle(levels, i8x16(2, -1, -1, -1, 5, -1, -1, -1, 8, -1, -1, -1, 11, -1, -1, -1)), lowGray, highGray, own, shift)
    const planes = i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_s(red, green), i16x8.narrow_i32x4_s(blue, blue))
    v128.store(to, i8x16.swizzle(planes, i8x16(0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11, -1, -1, -1, -1)))
    from += 12
    to += 12
  }
}

// @ts-ignore: decorator
@inline
function saturated(channel: v128, lowGray: v128, highGray: v128, own: v128, shift: v128): v128 {
  const low = f64x2.add(f64x2.mul(f64x2.convert_low_i32x4_s(channel), own), lowGray)
  const high = f64x2.add(f64x2.mul(f64x2.convert_low_i32x4_s(i32x4.shuffle(channel, channel, 2, 3, 2, 3)), own), highGray)
  return i32x4.shuffle(f64x2.add(low, shift), f64x2.add(high, shift), 0, 2, 4, 6)
}
