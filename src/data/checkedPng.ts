import { inflateSync } from 'node:zlib'
import { broken, checkSize } from './readSize.ts'

interface PngHeader {
  readonly height: number
  readonly width: number
  readonly bitDepth: number
  /** 0 grey, 2 RGB, 3 palette, 4 grey + alpha, 6 RGBA (PNG specification, table 11.1). */
  readonly colorType: number
  readonly isInterlaced: boolean
}

const channels: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }

/** Upper left pixel and steps of the seven passes of an interlaced PNG. */
const adam7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const

/**
 * A PNG that is safe to hand to a decoder: size within the limit, all chunks whole, pixel data of exactly the length that the
 * header asks for, and nothing but the chunks that make pixels (text and profile chunks can unpack to gigabytes).
 * @throws UserError when the file is not so
 */
export function checkedPng(
  bytes: Buffer,
  path: string,
  pixelLimit: number,
): { readonly png: Buffer; readonly header: PngHeader } {
  const chunks = chunksOf(bytes, path)
  const header = headerOf(bytes, path, pixelLimit)
  const data = chunks.filter(({ type }) => type === 'IDAT').map(({ whole }) => whole.subarray(8, -4))
  checkPixelData(Buffer.concat(data), header, path)
  const kept = chunks.filter(({ type }) => ['IHDR', 'PLTE', 'IDAT', 'IEND'].includes(type))
  return { png: Buffer.concat([bytes.subarray(0, 8), ...kept.map(({ whole }) => whole)]), header }
}

interface Chunk {
  readonly type: string
  /** Length, type, content and checksum. */
  readonly whole: Buffer
}

function chunksOf(bytes: Buffer, path: string): readonly Chunk[] {
  const chunks: Chunk[] = []
  let offset = 8
  while (chunks.at(-1)?.type !== 'IEND') {
    if (offset + 12 > bytes.length) throw broken(path, 'its last chunk is missing')
    const end = offset + 12 + bytes.readUInt32BE(offset)
    const type = bytes.toString('latin1', offset + 4, offset + 8)
    if (end > bytes.length) throw broken(path, `its chunk ${type} goes beyond the end of the file`)
    chunks.push({ type, whole: bytes.subarray(offset, end) })
    offset = end
  }
  return chunks
}

function headerOf(bytes: Buffer, path: string, pixelLimit: number): PngHeader {
  if (bytes.toString('latin1', 12, 16) !== 'IHDR' || bytes.readUInt32BE(8) !== 13)
    throw broken(path, 'it does not start with a header')
  const width = bytes.readUInt32BE(16)
  const height = bytes.readUInt32BE(20)
  checkSize(height, width, path, pixelLimit)
  const colorType = bytes[25]
  if (!(colorType in channels) || ![1, 2, 4, 8, 16].includes(bytes[24]))
    throw broken(path, 'its header gives an unknown kind of pixel')
  return { height, width, bitDepth: bytes[24], colorType, isInterlaced: bytes[28] === 1 }
}

/** Bytes of the unpacked rows, each with its filter byte. */
function unpackedLength({ height, width, bitDepth, colorType, isInterlaced }: PngHeader): number {
  const bits = bitDepth * channels[colorType]
  const rows = (w: number, h: number): number => (w < 1 || h < 1 ? 0 : h * (1 + Math.ceil((w * bits) / 8)))
  if (!isInterlaced) return rows(width, height)
  return adam7.reduce((sum, [x, y, dx, dy]) => sum + rows(Math.ceil((width - x) / dx), Math.ceil((height - y) / dy)), 0)
}

function checkPixelData(packed: Buffer, header: PngHeader, path: string): void {
  const wanted = unpackedLength(header)
  let length: number
  try {
    length = inflateSync(packed, { maxOutputLength: wanted + 1 }).length
  } catch (cause) {
    throw broken(path, cause instanceof Error ? cause.message : String(cause), cause)
  }
  if (length !== wanted) throw broken(path, `its pixel data has ${length} bytes instead of ${wanted}`)
}
