import * as z from 'zod'
import { ignoredLabel } from '../sample.ts'

/** How pixels outside an image are found, in Albumentations' short names for OpenCV's flags. */
export const borderModes = ['constant', 'replicate', 'reflect', 'wrap', 'reflect_101'] as const
export type BorderMode = (typeof borderModes)[number]

/** A colour: red, green, blue, 0 … 255. */
export type Color = readonly [red: number, green: number, blue: number]

/** What lies outside an image and its mask. */
export interface Border {
  readonly mode: BorderMode
  /** Of a constant border. */
  readonly color: Color
  /** Of a constant border. */
  readonly label: number
}

const level = z.int().min(0).max(255)

/** A gray level for all three channels, or a colour. */
export const fill = z
  .union([level, z.tuple([level, level, level])])
  .default(0)
  .describe('Gray level or RGB of pixels that the image does not reach (default 0).')

/** A label where Albumentations would write class 0. */
export const fillMask = level
  .default(ignoredLabel)
  .describe(
    'Label of pixels that the image does not reach; 255 is ignored in loss and scores (default 255; Albumentations writes 0, which is a class).',
  )

/** The arguments `border_mode`, `fill` and `fill_mask`. */
export function borderArguments(byDefault: BorderMode): {
  border_mode: z.ZodDefault<z.ZodEnum<{ [Each in BorderMode]: Each }>>
  fill: typeof fill
  fill_mask: typeof fillMask
} {
  return {
    border_mode: z
      .enum(borderModes)
      .default(byDefault)
      .describe(
        `What lies outside the image: one value, its outermost pixel, the image mirrored with (reflect) or without (reflect_101) its outermost pixel doubled, or the image again (wrap) (default ${byDefault}).`,
      ),
    fill,
    fill_mask: fillMask,
  }
}

/** Their values. */
export interface BorderValues {
  readonly border_mode: BorderMode
  readonly fill: number | Color
  readonly fill_mask: number
}

/** The border of an image from those arguments. */
export function borderOf(args: BorderValues): Border {
  return { mode: args.border_mode, color: colorOf(args.fill), label: args.fill_mask }
}

export function colorOf(value: number | Color): Color {
  return typeof value === 'number' ? [value, value, value] : value
}

/** Fills pixels `first` … `end` − 1 of an image with a colour. */
export function fillColor(image: Uint8Array, first: number, end: number, [red, green, blue]: Color): void {
  if (red === green && green === blue) {
    image.fill(red, first * 3, end * 3)
    return
  }
  for (let i = first; i < end; i++) {
    image[i * 3] = red
    image[i * 3 + 1] = green
    image[i * 3 + 2] = blue
  }
}

/**
 * The pixel of an axis of `length` that stands for pixel `index`, which may lie outside; −1 for a constant border
 * (OpenCV borderInterpolate).
 */
export function borderIndex(index: number, length: number, mode: BorderMode): number {
  if (index >= 0 && index < length) return index
  switch (mode) {
    case 'constant':
      return -1
    case 'replicate':
      return index < 0 ? 0 : length - 1
    case 'wrap':
      return modulo(index, length)
    case 'reflect': {
      const inPeriod = modulo(index, 2 * length)
      return inPeriod < length ? inPeriod : 2 * length - 1 - inPeriod
    }
    case 'reflect_101': {
      if (length === 1) return 0
      const period = 2 * (length - 1)
      const inPeriod = modulo(index, period)
      return inPeriod < length ? inPeriod : period - inPeriod
    }
  }
}

function modulo(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor
}

/** `borderIndex` of `first` … `first` + `count` − 1. */
export function borderIndices(first: number, count: number, length: number, mode: BorderMode): Int32Array {
  const indices = new Int32Array(count)
  for (let i = 0; i < count; i++) indices[i] = borderIndex(first + i, length, mode)
  return indices
}
