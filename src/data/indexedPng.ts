import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createDeflate } from 'node:zlib'
import type { Rgb } from '../augment/normalize.ts'
import type { Size } from '../augment/sample.ts'

/**
 * The bytes of a palette PNG whose rows come one by one, in parts: neither the picture nor the file is ever in memory as a
 * whole, which no encoder here can do from rows (sharp gathers raw input, fast-png takes an array).
 * @param rows palette indices [width], `height` times, each read before the next is asked for
 * @param palette at most 256 colours
 */
export async function* indexedPng(
  rows: AsyncIterable<Uint8Array>,
  { height, width }: Size,
  palette: readonly Rgb[],
): AsyncGenerator<Uint8Array, void, undefined> {
  yield Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  // 8 bits per index, colour type 3 (palette); deflate, the five standard filters, not interlaced.
  header.set([8, 3, 0, 0, 0], 8)
  yield chunk('IHDR', header)
  yield chunk('PLTE', Uint8Array.from(palette.flat()))
  const deflate = createDeflate({ chunkSize: 1 << 16 })
  const fed = pipeline(Readable.from(unfiltered(rows)), deflate)
  // A failure of the rows ends the compressed stream with the same error.
  fed.catch(() => undefined)
  for await (const part of deflate) yield chunk('IDAT', part as Buffer)
  await fed
  yield chunk('IEND', new Uint8Array(0))
}

/** Each row behind the number of its filter; 0 = none, the best for indices (PNG specification, 12.8). */
async function* unfiltered(rows: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const row of rows) {
    const line = new Uint8Array(1 + row.length)
    line.set(row, 1)
    yield line
  }
}

function chunk(type: string, content: Uint8Array): Buffer {
  const bytes = Buffer.alloc(12 + content.length)
  bytes.writeUInt32BE(content.length, 0)
  bytes.write(type, 4, 'latin1')
  bytes.set(content, 8)
  bytes.writeUInt32BE(crc32(bytes.subarray(4, -4)), 8 + content.length)
  return bytes
}

/** Remainders of every byte under the polynomial of ISO 3309 (PNG specification, annex D); node:zlib has it from 20.15 on. */
const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte
  for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (remainder & 1 ? 0xedb88320 : 0)
  return remainder
})

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) crc = (crc >>> 8) ^ crcTable[(crc ^ byte) & 255]
  return ~crc >>> 0
}
