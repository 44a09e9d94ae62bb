import { open } from 'node:fs/promises'
import { UserError } from '../core/errors.ts'
import { readError } from '../runs/diskErrors.ts'
import { formatOfContent, readImageFile, type ImageFormat } from './imageFile.ts'
import { sharp } from './imageLibrary.ts'

/** Most pixels that one image may have before it is decoded. */
export const defaultPixelLimit = 100_000_000

/** What a file says about its picture before anything is decoded. */
export interface ImageHeader {
  readonly format: ImageFormat
  /** Height and width in pixels as displayed, EXIF orientation applied. */
  readonly height: number
  readonly width: number
  readonly storedHeight: number
  readonly storedWidth: number
  /** EXIF orientation 1 … 8; 1 where the file has none. */
  readonly orientation: number
  /** libvips' name for the colours: `srgb`, `b-w`, `cmyk`, `grey16`… */
  readonly space: string
  /** libvips' name for the number format of a channel: `uchar`, `ushort`, `float`… */
  readonly depth: string
  readonly hasAlpha: boolean
}

/**
 * Size and kind of an image from its header; no pixel is decoded.
 * @throws UserError for files that are broken, no image, or larger than `pixelLimit`
 */
export async function readSize(path: string, pixelLimit = defaultPixelLimit): Promise<ImageHeader> {
  const format = await peekFormat(path, pixelLimit)
  return describe(format, path, path, pixelLimit)
}

/** The same from bytes in memory. */
async function headerOf(bytes: Buffer, format: ImageFormat, path: string, pixelLimit: number): Promise<ImageHeader> {
  if (format === 'png') checkPngSize(bytes, path, pixelLimit)
  return describe(format, bytes, path, pixelLimit)
}

/** First bytes only: a folder of large images is checked in seconds. */
async function peekFormat(path: string, pixelLimit: number): Promise<ImageFormat> {
  try {
    const file = await open(path, 'r')
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(64), 0, 64, 0)
      const start = buffer.subarray(0, bytesRead)
      const format = formatOfContent(start, path)
      if (format === 'png') checkPngSize(start, path, pixelLimit)
      return format
    } finally {
      await file.close()
    }
  } catch (error) {
    throw readError(error, path)
  }
}

/** libpng's own message for an impossible size does not name it. */
function checkPngSize(bytes: Buffer, path: string, pixelLimit: number): void {
  if (bytes.length < 33) throw broken(path, `it ends after ${bytes.length} bytes`)
  checkSize(bytes.readUInt32BE(20), bytes.readUInt32BE(16), path, pixelLimit)
}

/** @throws UserError when the size is impossible or beyond the limit */
export function checkSize(height: number, width: number, path: string, pixelLimit: number): void {
  if (height < 1 || width < 1) {
    throw new UserError(`the header of this image gives a size of ${width}x${height} (width x height)`, {
      file: path,
      hint: 'The file is damaged: copy or export it again.',
      code: 'broken-image',
    })
  }
  if (height * width <= pixelLimit) return
  throw new UserError(
    `this image would have ${width}x${height} (width x height) = ${width * height} pixels; the limit is ${pixelLimit}`,
    {
      file: path,
      hint: 'Cut it into tiles, or remove it if you did not expect one so large: a small file can unpack to gigabytes.',
      code: 'image-too-large',
    },
  )
}

async function describe(
  format: ImageFormat,
  input: string | Buffer,
  path: string,
  pixelLimit: number,
): Promise<ImageHeader> {
  const found = await sharp(input, { limitInputPixels: false })
    .metadata()
    .catch((cause: unknown) => {
      throw broken(path, messageOf(cause), cause)
    })
  const { width, height, autoOrient, orientation, space, depth, hasAlpha, pages } = found
  checkSize(height, width, path, pixelLimit)
  if (pages !== undefined && pages > 1) {
    throw new UserError(`this file holds ${pages} pages; one image per file is read`, {
      file: path,
      hint: 'Save every page as an image of its own.',
      code: 'several-pages',
    })
  }
  return {
    format,
    height: autoOrient.height,
    width: autoOrient.width,
    storedHeight: height,
    storedWidth: width,
    orientation: orientation ?? 1,
    space,
    depth,
    hasAlpha,
  }
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message.trim().replace(/:$/, '') : String(cause)
}

/** A file that starts like an image and cannot be read as one. */
export function broken(path: string, reason: string, cause?: unknown): UserError {
  return new UserError(`this image is damaged or cut short: ${reason}`, {
    file: path,
    hint: 'Copy or export it again, or remove it together with its partner.',
    code: 'broken-image',
    cause,
  })
}

/** Bytes, format and header together, for decoders. */
export async function readWithHeader(
  path: string,
  pixelLimit: number,
): Promise<{ readonly bytes: Buffer; readonly header: ImageHeader }> {
  const { bytes, format } = await readImageFile(path)
  return { bytes, header: await headerOf(bytes, format, path, pixelLimit) }
}
