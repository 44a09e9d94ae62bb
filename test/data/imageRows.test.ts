import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp, { type Sharp } from 'sharp'
import { describe, expect, it } from 'vitest'
import { decodeImage } from '../../src/data/decodeImage.ts'
import { openImageRows } from '../../src/data/imageRows.ts'
import { messageOf, temporaryFolder } from './dataset.ts'

const [height, width] = [90, 70]
const pixels = Buffer.from(Uint8Array.from({ length: height * width * 3 }, (_, index) => (index * 37 + (index >> 7)) % 256)) // prettier-ignore
const picture = (): Sharp => sharp(pixels, { raw: { height, width, channels: 3 } })
/** Ten rows a strip. */
const stripBytes = 10 * width * 3

const files: readonly (readonly [name: string, make: () => Sharp])[] = [
  ['a.png', () => picture().png()],
  ['interlaced.png', () => picture().png({ progressive: true })],
  ['alpha.png', () => picture().ensureAlpha(0.5).png()],
  ['a.jpg', () => picture().jpeg()],
  ['progressive.jpg', () => picture().jpeg({ progressive: true })],
  ['cmyk.jpg', () => picture().toColourspace('cmyk').jpeg()],
  ['a.tif', () => picture().tiff({ compression: 'deflate' })],
  ['tiled.tif', () => picture().tiff({ tile: true, tileWidth: 16, tileHeight: 16 })],
  ['16bit.tif', () => picture().toColourspace('rgb16').tiff()],
  ['grey.png', () => picture().toColourspace('b-w').png()],
  ['turned.jpg', () => picture().withMetadata({ orientation: 6 }).jpeg()],
]

describe('an image in strips', () => {
  it.each(files)('%s has the rows of the whole image', async (name, make) => {
    const path = join(temporaryFolder(), name)
    await make().toFile(path)
    const whole = await decodeImage(path)
    const strips = await openImageRows(path, stripBytes)
    expect([strips.height, strips.width]).toEqual([whole.height, whole.width])
    const row = 3 * whole.width
    for (const [top, end] of [
      [0, 16],
      [12, 28],
      [24, 30],
      [60, whole.height],
      [5, 6],
    ])
      expect(Buffer.from(await strips.rows(top, end)).equals(Buffer.from(whole.image.subarray(top * row, end * row)))).toBe(true) // prettier-ignore
  })

  it('says where a file is cut short, once the reader comes there', async () => {
    const path = join(temporaryFolder(), 'cut.png')
    const bytes = await picture().png().toBuffer()
    writeFileSync(path, bytes.subarray(0, bytes.length >> 1))
    expect(readFileSync(path).length).toBeLessThan(bytes.length)
    const strips = await openImageRows(path, stripBytes)
    expect(await messageOf(async () => strips.rows(80, 90))).toContain('damaged or cut short')
  })
})
