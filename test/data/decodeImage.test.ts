import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { encode } from 'fast-png'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { decodeImage } from '../../src/data/decodeImage.ts'
import { readSize } from '../../src/data/readSize.ts'
import { messageOf, temporaryFolder } from './dataset.ts'

function write(name: string, bytes: Uint8Array): string {
  const path = join(temporaryFolder(), name)
  writeFileSync(path, bytes)
  return path
}

const redGreen = { width: 2, height: 1, channels: 3, data: Uint8Array.of(255, 0, 0, 0, 255, 0) }

describe('decodeImage', () => {
  it('gives RGB rows from the top left', async () => {
    expect(await decodeImage(write('a.png', encode(redGreen)))).toEqual({
      image: Buffer.from(redGreen.data),
      height: 1,
      width: 2,
      warnings: [],
    })
  })

  it('drops alpha without blending, and warns only where something is transparent', async () => {
    const rgba = (alpha: number): Uint8Array =>
      encode({ width: 1, height: 1, channels: 4, data: Uint8Array.of(200, 100, 50, alpha) })
    const clear = await decodeImage(write('a.png', rgba(0)))
    expect([...clear.image]).toEqual([200, 100, 50])
    expect(clear.warnings.join()).toContain('alpha')
    expect((await decodeImage(write('a.png', rgba(255)))).warnings).toEqual([])
  })

  it('scales 16 bit to 8 instead of taking the low byte', async () => {
    const { image } = await decodeImage(
      write('a.png', encode({ width: 2, height: 1, channels: 1, depth: 16, data: Uint16Array.of(0x8001, 0xffff) })),
    )
    expect([...image]).toEqual([128, 128, 128, 255, 255, 255])
  })

  it('is asked for the size as displayed, which readSize knows without decoding', async () => {
    const turned = await sharp(Buffer.from(redGreen.data), { raw: { width: 2, height: 1, channels: 3 } }).withMetadata({ orientation: 6 }).jpeg().toBuffer() // prettier-ignore
    const path = write('a.jpg', turned)
    expect(await readSize(path)).toMatchObject({ height: 2, width: 1, storedHeight: 1, storedWidth: 2, orientation: 6 })
    expect(await decodeImage(path)).toMatchObject({ height: 2, width: 1 })
  })

  it('refuses more pixels than the limit, in the header and before decoding', async () => {
    const path = write('a.png', encode({ width: 20, height: 10, channels: 1, data: new Uint8Array(200) }))
    for (const action of [async () => decodeImage(path, 199), async () => readSize(path, 199)]) {
      const message = await messageOf(action)
      for (const part of [path, '20x10', '199']) expect(message).toContain(part)
    }
    expect((await decodeImage(path, 200)).image.length).toBe(600)
  })

  it('refuses drawings and documents that the image library could render', async () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
    expect(await messageOf(async () => decodeImage(write('a.png', Buffer.from(svg))))).toContain('PNG, JPEG, TIFF')
  })

  it('refuses animations, of which only one picture would be read', async () => {
    const two = Buffer.concat([redGreen.data, redGreen.data.toReversed()])
    const frames = await sharp(two, { raw: { width: 2, height: 2, channels: 3, pageHeight: 1 } })
      .gif({ loop: 0 })
      .toBuffer()
    expect(await messageOf(async () => decodeImage(write('a.gif', frames)))).toContain('2 pages')
  })

  it('says that a file does not exist', async () => {
    const path = join(temporaryFolder(), 'gone.png')
    expect(await messageOf(async () => decodeImage(path))).toContain(path)
  })
})
