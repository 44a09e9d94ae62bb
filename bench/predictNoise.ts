import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Size } from '../src/augment/sample.ts'
import { classColors } from '../src/data/classColors.ts'
import { indexedPng } from '../src/data/indexedPng.ts'

/** Writes a palette PNG: blobs, stripes and noise, without holding it in memory. */
export async function writeNoise(path: string, size: Size): Promise<void> {
  const colors = classColors(Array.from({ length: 64 }, () => undefined))
  await pipeline(Readable.from(indexedPng(rows(size), size, colors)), createWriteStream(path))
}

async function* rows({ height, width }: Size): AsyncGenerator<Uint8Array> {
  const row = new Uint8Array(width)
  let noise = 1
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      noise = (Math.imul(noise, 1664525) + 1013904223) >>> 0
      row[x] = ((((x >> 6) ^ (y >> 6)) & 31) + (noise >>> 30)) & 63
    }
    yield await Promise.resolve(row)
  }
}
