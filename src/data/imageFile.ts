import { readFile, stat } from 'node:fs/promises'
import { extname } from 'node:path'
import { UserError } from '../core/errors.ts'
import { readError } from '../runs/diskErrors.ts'

const byteLimit = 1_000_000_000

/** Formats that are read; the list is closed so that no loader for documents or vector drawings is ever reached. */
export type ImageFormat = 'png' | 'jpeg' | 'tiff' | 'webp' | 'gif'

/** File name endings, without the dot, of each format; compared without regard to case. */
const extensions: Readonly<Record<ImageFormat, readonly string[]>> = {
  png: ['png'],
  jpeg: ['jpg', 'jpeg'],
  tiff: ['tif', 'tiff'],
  webp: ['webp'],
  gif: ['gif'],
}

const supported = Object.keys(extensions).map((format) => format.toUpperCase())

/** The format that a file name promises; undefined for names that are no image. */
export function formatOfName(path: string): ImageFormat | undefined {
  const extension = extname(path).slice(1).toLowerCase()
  return (Object.keys(extensions) as ImageFormat[]).find((format) => extensions[format].includes(extension))
}

/** Names of pictures that are not read: worth a word, where other stray files are not. */
export function isOtherImageName(path: string): boolean {
  return /\.(bmp|jp2|j2k|jxl|heic|heif|avif|tga|exr|hdr|ppm|pgm|pbm|pnm|dcm|nii|nii\.gz|npy|mha|nrrd|svg)$/i.test(path)
}

/**
 * All bytes of an image file and the format that its content has, whatever its name says.
 * @throws UserError for what cannot be read, is empty, too long, no regular file, a Git LFS pointer or no image
 */
export async function readImageFile(path: string): Promise<{ readonly bytes: Buffer; readonly format: ImageFormat }> {
  let bytes: Buffer
  try {
    const { size } = await regularFile(path)
    if (size > byteLimit)
      throw new UserError(`this file has ${size} bytes; the limit is ${byteLimit}`, {
        file: path,
        code: 'image-too-large',
      })
    bytes = await readFile(path)
  } catch (error) {
    throw readError(error, path)
  }
  return { bytes, format: formatOfContent(bytes, path) }
}

/** Asks before opening: reading from a named pipe would wait for ever. */
async function regularFile(path: string): Promise<{ readonly size: number }> {
  const found = await stat(path)
  if (found.isFile()) return found
  throw new UserError('this is no file', {
    file: path,
    hint: 'Remove it from the folder of images or masks.',
    code: 'not-a-file',
  })
}

/** @throws UserError that says what the file is instead of an image */
export function formatOfContent(bytes: Buffer, path: string): ImageFormat {
  if (bytes.length === 0) throw notAnImage(path, 'this file is empty (0 bytes)', 'Copy it again.')
  const start = bytes.toString('latin1', 0, 64)
  if (start.startsWith('\x89PNG\r\n\x1a\n')) return 'png'
  if (start.startsWith('\xff\xd8\xff')) return 'jpeg'
  if (/^(II[*+]\0|MM\0[*+])/.test(start)) return 'tiff'
  if (/^RIFF.{4}WEBP/s.test(start)) return 'webp'
  if (start.startsWith('GIF8')) return 'gif'
  if (start.startsWith('version https://git-lfs')) {
    throw notAnImage(
      path,
      'this is a Git LFS pointer, not the image itself',
      'Run `git lfs pull` in the data repository.',
    )
  }
  throw notAnImage(
    path,
    'the content of this file is no image in a supported format',
    'Convert it, or remove it from the folder.',
  )
}

function notAnImage(path: string, message: string, hint: string): UserError {
  return new UserError(message, { file: path, allowed: supported, hint, code: 'not-an-image' })
}
