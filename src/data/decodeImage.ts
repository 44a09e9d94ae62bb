import type { Sharp } from 'sharp'
import type { Size } from '../augment/sample.ts'
import { UserError } from '../core/errors.ts'
import { formatOfName } from './imageFile.ts'
import { sharp } from './imageLibrary.ts'
import { broken, defaultPixelLimit, readWithHeader, type ImageHeader } from './readSize.ts'

/** [height, width, 3] RGB, 0 … 255, as displayed. */
export interface DecodedImage {
  readonly image: Uint8Array
  readonly height: number
  readonly width: number
  /** What was done to the picture that its owner may not expect, as sentences. */
  readonly warnings: readonly string[]
}

/**
 * Decodes an image to 8-bit RGB: EXIF orientation applied; grey repeated; alpha dropped, not blended; 16 bit divided by 257;
 * float 0 … 1 times 255; CMYK by (1 − c)(1 − k) as Pillow does. Colour profiles and gamma chunks are not applied: stored
 * values count, as in OpenCV and Pillow.
 * @throws UserError for files that are damaged, cut short, of an unsupported kind, or larger than `pixelLimit` pixels
 */
export async function decodeImage(path: string, pixelLimit = defaultPixelLimit): Promise<DecodedImage> {
  const { bytes, header } = await readWithHeader(path, pixelLimit)
  const { height, width, format } = header
  const pixels = await channelsOf(open(bytes, pixelLimit).autoOrient(), header, path)
  const channels = channelCount(pixels, header, path)
  const promised = formatOfName(path)
  const warnings: string[] = []
  if (channels === 4 && hasTransparency(pixels))
    warnings.push('the alpha channel was dropped; colours are used as they are stored.')
  if (promised !== undefined && promised !== format)
    warnings.push(`this is a ${format.toUpperCase()} file although its name says otherwise.`)
  return { image: channels === 3 ? pixels : withoutAlpha(pixels), height, width, warnings }
}

/**
 * Rows `top` to before `end` of an image that is not turned, by the same rules: [end − top, width, 3]. What lies above is
 * decoded again each time, and nothing but the rows is kept.
 * @throws UserError where the file is damaged above `end`
 */
export async function decodeRows(path: string, header: ImageHeader, top: number, end: number): Promise<Uint8Array> {
  const region = { left: 0, top, width: header.width, height: end - top }
  const source = open(path, header.height * header.width).extract(region)
  const pixels = await channelsOf(source, header, path)
  return channelCount(pixels, region, path) === 3 ? pixels : withoutAlpha(pixels)
}

function open(input: string | Buffer, pixelLimit: number): Sharp {
  return sharp(input, { limitInputPixels: pixelLimit, failOn: 'error', ignoreIcc: true })
}

function channelCount(pixels: Uint8Array, { height, width }: Size, path: string): 3 | 4 {
  const channels = pixels.length / (height * width)
  if (channels !== 3 && channels !== 4) throw broken(path, `it decodes to ${pixels.length} bytes`)
  return channels
}

function hasTransparency(rgba: Uint8Array): boolean {
  for (let i = 3; i < rgba.length; i += 4) if (rgba[i] < 255) return true
  return false
}

function withoutAlpha(rgba: Uint8Array): Uint8Array {
  const rgb = new Uint8Array((rgba.length / 4) * 3)
  for (let i = 0, o = 0; i < rgba.length; i += 4, o += 3) {
    rgb[o] = rgba[i]
    rgb[o + 1] = rgba[i + 1]
    rgb[o + 2] = rgba[i + 2]
  }
  return rgb
}

/** [height, width, 3 or 4] */
async function channelsOf(source: Sharp, { space, depth }: ImageHeader, path: string): Promise<Uint8Array> {
  if (depth === 'float') return rgbOfFloats(source, path)
  if (depth !== 'uchar' && depth !== 'ushort') {
    throw new UserError(`images with ${depth} numbers are not read`, {
      file: path,
      allowed: '8 or 16 bits per channel, or float 0 … 1',
      code: 'unsupported-image',
    })
  }
  if (space === 'cmyk')
    return rgbOfCmyk(
      await pixelsOf(source.pipelineColourspace('cmyk').toColourspace('cmyk').raw({ depth: 'uchar' }), path),
    )
  return pixelsOf(source.toColourspace('srgb').raw({ depth: 'uchar' }), path)
}

async function pixelsOf(source: Sharp, path: string): Promise<Buffer> {
  return source.toBuffer().catch((cause: unknown) => {
    throw broken(path, cause instanceof Error ? cause.message : String(cause), cause)
  })
}

/** libvips would go through a press profile and come out 14 grey levels darker. */
function rgbOfCmyk(cmyk: Uint8Array): Uint8Array {
  const rgb = new Uint8Array((cmyk.length / 4) * 3)
  for (let i = 0, o = 0; i < cmyk.length; i += 4, o += 3) {
    const light = (255 - cmyk[i + 3]) / 255
    for (let c = 0; c < 3; c++) rgb[o + c] = Math.round((255 - cmyk[i + c]) * light)
  }
  return rgb
}

async function rgbOfFloats(source: Sharp, path: string): Promise<Uint8Array> {
  const bytes = await pixelsOf(source.removeAlpha().raw({ depth: 'float' }), path)
  const floats = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
  if (!floats.every((v) => v >= 0 && v <= 1)) {
    throw new UserError('this float image has values outside 0 … 1', {
      file: path,
      hint: 'Scale it to 0 … 1, or save it with 8 or 16 bits per channel.',
      code: 'unsupported-image',
    })
  }
  return Uint8Array.from(floats, (v) => Math.round(v * 255))
}
