import { decode } from 'fast-png'
import { UserError } from '../core/errors.ts'
import { checkedPng } from './checkedPng.ts'
import { formatOfName, readImageFile } from './imageFile.ts'
import { broken, defaultPixelLimit } from './readSize.ts'

/** A mask as stored: one number per pixel, whose meaning depends on `kind`. */
export interface MaskPixels {
  readonly height: number
  readonly width: number
  /** Grey value, index into the palette, or colour 0xRRGGBB. */
  readonly kind: 'gray' | 'palette' | 'color'
  /** [height, width] */
  readonly values: Uint8Array | Uint16Array | Uint32Array
  /** Colours 0xRRGGBB of the indices; empty unless `kind` is `palette`. */
  readonly palette: readonly number[]
  /** What its owner may not expect, as sentences. */
  readonly warnings: readonly string[]
}

/**
 * Reads a PNG mask without changing a single value: no scaling of 1, 2, 4 or 16 bits, no colours for palette indices, no
 * gamma, no blending with alpha.
 * @throws UserError for lossy or unsupported formats and for files that are damaged or larger than `pixelLimit` pixels
 */
export async function readMaskPixels(path: string, pixelLimit = defaultPixelLimit): Promise<MaskPixels> {
  const { bytes, format } = await readImageFile(path)
  if (format !== 'png') throw notPng(path, format)
  const { png, header } = checkedPng(bytes, path, pixelLimit)
  const { height, width, bitDepth, colorType } = header
  if (bitDepth < 8 && header.isInterlaced) {
    throw new UserError(`interlaced PNG masks of ${bitDepth} bit are not read`, {
      file: path,
      hint: 'Save it without interlacing.',
      code: 'unsupported-mask',
    })
  }
  const { data, palette } = decodePng(png, path)
  const warnings = formatOfName(path) === 'png' ? [] : ['this is a PNG file although its name says otherwise.']
  const found = { height, width, palette: (palette ?? []).map(([r, g, b]) => packed(r, g, b)) }
  switch (colorType) {
    case 0:
    case 3:
      return { ...found, kind: colorType === 3 ? 'palette' : 'gray', values: unpack(data, bitDepth, width), warnings }
    case 4:
      return { ...found, kind: 'gray', values: everySecond(data), warnings: [...warnings, alphaWarning(data, 2)] }
    default:
      if (bitDepth === 16) {
        throw new UserError('colour masks of 16 bits per channel are not read', {
          file: path,
          hint: 'Save it with 8 bits per channel.',
          code: 'unsupported-mask',
        })
      }
      return {
        ...found,
        kind: 'color',
        values: colors(data, colorType === 6 ? 4 : 3),
        warnings: colorType === 6 ? [...warnings, alphaWarning(data, 4)] : warnings,
      }
  }
}

function notPng(path: string, format: string): UserError {
  const isLossy = format === 'jpeg' || format === 'webp'
  const why = isLossy ? 'which may change labels at edges when it is saved' : 'which is not read as a mask'
  return new UserError(`this mask is a ${format.toUpperCase()} file, ${why}`, {
    file: path,
    allowed: 'PNG: grey class ids (1 to 16 bits), palette, or class colours',
    hint: isLossy
      ? 'Export the masks again as PNG from the annotation tool; converting this file would keep its wrong values.'
      : 'Convert the masks to PNG.',
    code: 'unsupported-mask',
  })
}

type PngData = Uint8Array | Uint8ClampedArray | Uint16Array

function decodePng(png: Buffer, path: string): { data: PngData; palette?: number[][] } {
  try {
    return decode(png, { checkCrc: true })
  } catch (cause) {
    throw broken(path, cause instanceof Error ? cause.message : String(cause), cause)
  }
}

/** One number per pixel out of rows of 1, 2 or 4 bits, most significant first. */
function unpack(data: PngData, bitDepth: number, width: number): Uint8Array | Uint16Array {
  if (bitDepth >= 8) return data instanceof Uint8ClampedArray ? new Uint8Array(data) : data
  const rowBytes = Math.ceil((width * bitDepth) / 8)
  const largest = 2 ** bitDepth - 1
  const values = new Uint8Array((data.length / rowBytes) * width)
  for (let i = 0; i < values.length; i++) {
    const bit = (i % width) * bitDepth
    const byte = data[Math.floor(i / width) * rowBytes + (bit >> 3)]
    values[i] = (byte >> (8 - bitDepth - (bit & 7))) & largest
  }
  return values
}

function everySecond(data: PngData): Uint16Array {
  return Uint16Array.from({ length: data.length / 2 }, (_, i) => data[2 * i])
}

function packed(red: number, green: number, blue: number): number {
  return (red << 16) | (green << 8) | blue
}

function colors(data: PngData, step: number): Uint32Array {
  const values = new Uint32Array(data.length / step)
  for (let i = 0, o = 0; i < values.length; i++, o += step) values[i] = packed(data[o], data[o + 1], data[o + 2])
  return values
}

function alphaWarning(data: PngData, step: number): string {
  let isFlat = true
  let alphaVaries = false
  for (let o = step; o < data.length; o += step) {
    alphaVaries ||= data[o + step - 1] !== data[step - 1]
    for (let c = 0; c < step - 1; c++) isFlat &&= data[o + c] === data[c]
  }
  return isFlat && alphaVaries
    ? 'every pixel has one colour while alpha varies: the shapes seem to be in the alpha channel, which is not read. Save them as colours or ids.'
    : 'the alpha channel was dropped; values are used as they are stored.'
}
