import { decode } from 'fast-png'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import type { Rgb } from '../../src/augment/normalize.ts'
import { indexedPng } from '../../src/data/indexedPng.ts'

const palette: readonly Rgb[] = [
  [0, 0, 0],
  [230, 159, 0],
  [86, 180, 233],
]

async function bytesOf(parts: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = []
  for await (const part of parts) all.push(part)
  return Buffer.concat(all)
}

/** The same array for every row, as a blend gives them. */
async function* reusedRows(height: number, width: number): AsyncGenerator<Uint8Array> {
  const row = new Uint8Array(width)
  for (let y = 0; y < height; y++) {
    await Promise.resolve()
    for (let x = 0; x < width; x++) row[x] = (x * 7 + y * 13 + ((x * y) % 5)) % palette.length
    yield row
  }
}

describe('a palette PNG made from rows', () => {
  it('holds every row, whoever reads it', async () => {
    const [height, width] = [301, 1000]
    const png = await bytesOf(indexedPng(reusedRows(height, width), { height, width }, palette))
    const expected: number[] = []
    for await (const row of reusedRows(height, width)) expected.push(...row)
    const decoded = decode(png)
    expect([decoded.width, decoded.height, decoded.channels, decoded.depth]).toEqual([width, height, 1, 8])
    expect([...decoded.data]).toEqual(expected)
    expect(decoded.palette).toEqual(palette)
    const rgb = await sharp(png).raw().toBuffer()
    expect([...rgb.subarray(0, 9)]).toEqual([0, 1, 2].flatMap((x) => palette[expected[x]]))
  })

  it('fails as its rows fail', async () => {
    async function* rows(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(new Uint8Array(4))
      throw new Error('the network gave up')
    }
    await expect(bytesOf(indexedPng(rows(), { height: 3, width: 4 }, palette))).rejects.toThrow('the network gave up')
  })
})
