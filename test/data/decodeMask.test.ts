import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32, deflateSync } from 'node:zlib'
import { encode } from 'fast-png'
import { describe, expect, it } from 'vitest'
import { UserError } from '../../src/core/errors.ts'
import { decodeMask } from '../../src/data/decodeMask.ts'
import { messageOf, rulesOf, temporaryFolder, type SharedClass } from './dataset.ts'

const three: readonly SharedClass[] = [
  { id: 7, name: 'road', color: [128, 64, 128] },
  { id: 0, name: 'sky', color: [0, 0, 0] },
  { id: 300, name: 'car', color: [0, 0, 142] },
]
const two: readonly SharedClass[] = [{ id: 0, name: 'background' }, { id: 1, name: 'cell' }] // prettier-ignore

interface Stored {
  readonly width: number
  readonly values: readonly number[]
  readonly channels?: number
  readonly depth?: 8 | 16
  readonly palette?: number[][]
}

function stored({ width, values, channels = 1, depth = 8, palette }: Stored): string {
  const path = join(temporaryFolder(), 'mask.png')
  const data = depth === 16 ? Uint16Array.from(values) : Uint8Array.from(values)
  writeFileSync(
    path,
    encode({
      width,
      height: values.length / channels / width,
      data,
      channels,
      depth,
      ...(palette === undefined ? {} : { palette }),
    }),
  )
  return path
}

describe('decodeMask', () => {
  it('gives class indices by ascending id and 255 for the ignored value, at any bit depth', async () => {
    const rules = rulesOf(three, 255)
    const small = await decodeMask(stored({ width: 3, values: [0, 7, 255, 7, 0, 0] }), rules)
    expect(small).toMatchObject({ mask: Uint8Array.of(0, 1, 255, 1, 0, 0), height: 2, width: 3, warnings: [] })
    const deep = await decodeMask(stored({ width: 2, values: [300, 0, 7, 255], depth: 16 }), rules)
    expect(deep.mask).toEqual(Uint8Array.of(2, 0, 1, 255))
  })

  it('names file, value, pixels, first position and the declared ids for an undeclared value', async () => {
    const path = stored({ width: 4, values: [0, 0, 7, 7, 0, 9, 9, 0, 9, 0, 5, 0] })
    const message = await messageOf(async () => decodeMask(path, rulesOf(three, 255)))
    for (const part of [path, '9 (3 pixels), 5 (1 pixels)', 'column 1, row 1', '0 sky, 7 road, 300 car, 255 ignored']) {
      expect(message).toContain(part)
    }
  })

  it('looks colours up exactly, and names the undeclared ones as colours', async () => {
    const rules = rulesOf(three, null)
    const colors = await decodeMask(stored({ width: 2, values: [0, 0, 142, 128, 64, 128], channels: 3 }), rules)
    expect(colors.mask).toEqual(Uint8Array.of(2, 1))
    const blurred = stored({ width: 2, values: [0, 0, 142, 0, 1, 142], channels: 3 })
    expect(await messageOf(async () => decodeMask(blurred, rules))).toContain('#00018e (1 pixels)')
  })

  it('reads ids saved with three equal channels, and says so', async () => {
    const { mask, warnings } = await decodeMask(
      stored({ width: 3, values: [7, 7, 7, 0, 0, 0, 255, 255, 255], channels: 3 }),
      rulesOf(three, 255),
    )
    expect(mask).toEqual(Uint8Array.of(1, 0, 255))
    expect(warnings.join()).toContain('red, green and blue')
  })

  it('reads palette indices, and colours only where the encoding says so', async () => {
    const palette = [[0, 0, 142], [128, 64, 128], [0, 0, 0]] // prettier-ignore
    const classes = [0, 1, 2].map((id) => ({ id, name: `class ${id}` }))
    const path = stored({ width: 3, values: [0, 1, 2], palette })
    expect((await decodeMask(path, rulesOf(classes, null))).mask).toEqual(Uint8Array.of(0, 1, 2))
    const byColor = { ...rulesOf(three, null), encoding: 'color' as const }
    expect((await decodeMask(path, byColor)).mask).toEqual(Uint8Array.of(2, 1, 0))
  })

  it('reads 0 and 255 as two classes where the ids are declared so, without a word', async () => {
    const declared = [{ id: 0, name: 'membrane' }, { id: 255, name: 'cell' }] // prettier-ignore
    expect(await decodeMask(stored({ width: 2, values: [0, 255] }), rulesOf(declared, null))).toMatchObject({
      mask: Uint8Array.of(0, 1),
      warnings: [],
    })
  })

  it('warns where every object pixel of a binary mask would be ignored', async () => {
    const { mask, warnings } = await decodeMask(stored({ width: 2, values: [0, 255] }), rulesOf(two, 255))
    expect(mask).toEqual(Uint8Array.of(0, 255))
    expect(warnings.join()).toContain('ignore_index')
  })
})

/** A PNG by hand: header fields as given, pixel data as given. */
function handMade(
  width: number,
  height: number,
  pixels: Buffer,
  { bitDepth = 8, interlace = 0, extra = [] as Buffer[] } = {},
): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([bitDepth, 0, 0, 0, interlace], 8)
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    ...extra,
    chunk('IDAT', deflateSync(pixels)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), content])
  const frame = Buffer.alloc(4)
  frame.writeUInt32BE(content.length)
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(body) >>> 0)
  return Buffer.concat([frame, body, sum])
}

describe('hostile and damaged masks', () => {
  const rules = rulesOf(two, null)
  const refused = async (bytes: Buffer): Promise<string> => {
    const path = join(temporaryFolder(), 'mask.png')
    writeFileSync(path, bytes)
    const message = await messageOf(async () => decodeMask(path, rules))
    expect(message).toContain(path)
    return message
  }

  it('reads the hand-made file when nothing is wrong with it', async () => {
    const path = join(temporaryFolder(), 'mask.png')
    writeFileSync(path, handMade(2, 2, Buffer.of(0, 0, 1, 0, 1, 0)))
    expect((await decodeMask(path, rules)).mask).toEqual(Uint8Array.of(0, 1, 1, 0))
  })

  it('refuses pixel data that unpacks to more than the header asks for', async () => {
    expect(await refused(handMade(2, 2, Buffer.alloc(50_000_000)))).toContain('damaged')
  })

  it('refuses pixel data that ends early', async () => {
    expect(await refused(handMade(2, 2, Buffer.of(0, 0, 1)))).toContain('3 bytes instead of 6')
  })

  it('refuses a size beyond the limit from the header', async () => {
    expect(await refused(handMade(60_000, 60_000, Buffer.alloc(1)))).toContain('60000x60000')
  })

  it('never unpacks a colour profile', async () => {
    const path = join(temporaryFolder(), 'mask.png')
    const profile = Buffer.concat([Buffer.from('x\0\0', 'latin1'), deflateSync(Buffer.alloc(30_000_000))])
    writeFileSync(path, handMade(1, 1, Buffer.of(0, 1), { extra: [chunk('iCCP', profile)] }))
    const before = process.memoryUsage().arrayBuffers
    expect((await decodeMask(path, rules)).mask).toEqual(Uint8Array.of(1))
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10_000_000)
  })

  it('refuses interlaced masks of fewer than eight bits, which the decoder would read wrongly', async () => {
    expect(await refused(handMade(1, 1, Buffer.of(0, 0), { bitDepth: 1, interlace: 1 }))).toContain('interlac')
  })

  it('survives any single damaged byte with the right labels or a message', async () => {
    const whole = handMade(5, 3, Buffer.concat([0, 1, 0].map((v) => Buffer.of(0, v, v, 1, 0, v))))
    const path = join(temporaryFolder(), 'mask.png')
    for (let at = 0; at < whole.length; at++) {
      const bytes = Buffer.from(whole)
      bytes[at] ^= 0x41
      writeFileSync(path, bytes)
      const message = await messageOf(async () => {
        const { mask } = await decodeMask(path, rules)
        expect(mask).toEqual(Uint8Array.of(0, 0, 1, 0, 0, 1, 1, 1, 0, 1, 0, 0, 1, 0, 0))
        throw new UserError('read whole')
      })
      expect(message).not.toBe('')
    }
  })
})
