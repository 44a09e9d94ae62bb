import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { classColors } from '../src/data/classColors.ts'
import { indexedPng } from '../src/data/indexedPng.ts'

/** Writes a palette PNG of `side` × `side` pixels: blobs, stripes and noise, without holding it in memory. */
export async function writeNoise(path: string, side: number): Promise<void> {
  const colors = classColors(Array.from({ length: 64 }, () => undefined))
  await pipeline(Readable.from(indexedPng(rows(side), { height: side, width: side }, colors)), createWriteStream(path))
}

async function* rows(side: number): AsyncGenerator<Uint8Array> {
  const row = new Uint8Array(side)
  let noise = 1
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      noise = (Math.imul(noise, 1664525) + 1013904223) >>> 0
      row[x] = ((((x >> 6) ^ (y >> 6)) & 31) + (noise >>> 30)) & 63
    }
    yield await Promise.resolve(row)
  }
}
