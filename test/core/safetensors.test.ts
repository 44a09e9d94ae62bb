import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UserError } from '../../src/core/errors.ts'
import { decodeSafetensors, encodeSafetensors, type NamedTensor } from '../../src/core/safetensors.ts'
import { describeWithFixtures } from '../shared.ts'

const mixed: [string, NamedTensor][] = [
  ['mask', { shape: [3], data: Uint8Array.of(1, 2, 3) }],
  ['weight', { shape: [2, 2], data: Float32Array.of(1, -2, 3.5, Number.NaN) }],
  ['count', { shape: [], data: BigInt64Array.of(-7n) }],
  ['모델.double', { shape: [1, 2], data: Float64Array.of(Math.PI, 1e-300) }],
  ['index', { shape: [2], data: Int32Array.of(-1, 2_000_000_000) }],
  ['empty', { shape: [0, 5], data: new Float32Array() }],
]

/** A file with the given header and number of data bytes. */
function file(header: unknown, dataBytes: number): Uint8Array {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header))
  const bytes = Buffer.alloc(8 + json.length + dataBytes)
  bytes.writeBigUInt64LE(BigInt(json.length))
  json.copy(bytes, 8)
  return bytes
}

describe('safetensors', () => {
  it('reads back what was written', () => {
    const { tensors, metadata } = decodeSafetensors(encodeSafetensors(mixed, { format: 'pt', epoch: '3' }))
    expect(new Map(tensors)).toEqual(new Map(mixed))
    expect(metadata).toEqual({ format: 'pt', epoch: '3' })
  })

  it('writes the same bytes for any order', () => {
    const forwards = encodeSafetensors(mixed, { a: '1', b: '2' })
    expect(encodeSafetensors(mixed.toReversed(), { b: '2', a: '1' })).toEqual(forwards)
  })

  it('starts the data at a multiple of eight, and every tensor at a multiple of its element', () => {
    const bytes = encodeSafetensors(mixed)
    expect(Number(Buffer.from(bytes).readBigUInt64LE(0)) % 8).toBe(0)
    for (const { data } of decodeSafetensors(bytes).tensors.values()) expect(data.buffer).toBe(bytes.buffer)
  })

  it('reads from bytes at an odd address', () => {
    const bytes = encodeSafetensors(mixed)
    const shifted = new Uint8Array(bytes.length + 1).subarray(1)
    shifted.set(bytes)
    expect(new Map(decodeSafetensors(shifted).tensors)).toEqual(new Map(mixed))
  })

  it('calls a file torn wherever it is cut', () => {
    const bytes = encodeSafetensors(mixed, { format: 'pt' })
    for (let length = 0; length < bytes.length; length++)
      expect(() => decodeSafetensors(bytes.subarray(0, length)), `${length} bytes`).toThrow(UserError)
  })

  it('never fails in another way than with a UserError, whatever the bytes', () => {
    const bytes = encodeSafetensors(mixed)
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 0, max: 255 }), (position, value) => {
        const changed = bytes.slice()
        changed[position] = value
        try {
          decodeSafetensors(changed)
        } catch (error) {
          expect(error).toBeInstanceOf(UserError)
        }
      }),
      { numRuns: 300 },
    )
  })

  it.each([
    [
      'overlap',
      { a: { dtype: 'U8', shape: [4], data_offsets: [0, 4] }, b: { dtype: 'U8', shape: [4], data_offsets: [2, 6] } },
      6,
    ],
    [
      'gap',
      { a: { dtype: 'U8', shape: [2], data_offsets: [0, 2] }, b: { dtype: 'U8', shape: [2], data_offsets: [4, 6] } },
      6,
    ],
    ['data beyond the tensors', { a: { dtype: 'U8', shape: [2], data_offsets: [0, 2] } }, 3],
    ['offsets that contradict the shape', { a: { dtype: 'F32', shape: [2], data_offsets: [0, 4] } }, 4],
    ['reversed offsets', { a: { dtype: 'U8', shape: [2], data_offsets: [2, 0] } }, 2],
    ['negative size', { a: { dtype: 'U8', shape: [-2, -1], data_offsets: [0, 2] } }, 2],
    ['size beyond exact numbers', { a: { dtype: 'U8', shape: [2 ** 40, 2 ** 40], data_offsets: [0, 2] } }, 2],
    ['unread dtype', { a: { dtype: 'BF16', shape: [1], data_offsets: [0, 2] } }, 2],
    ['metadata that is not text', { __metadata__: { a: 1 } }, 0],
    ['list as header', [], 0],
    ['header that is not JSON', '{"a":', 0],
  ])('refuses a file with %s', (_, header, dataBytes) => {
    expect(() => decodeSafetensors(file(header, dataBytes))).toThrow(UserError)
  })

  it('refuses a header length beyond the file without reading it', () => {
    const bytes = Buffer.alloc(16, 0xff)
    expect(() => decodeSafetensors(bytes)).toThrow(UserError)
  })
})

describeWithFixtures('safetensors written by the reference implementation', 'metrics', (folder) => {
  it('keeps its tensors through decoding and encoding', () => {
    const { tensors } = decodeSafetensors(readFileSync(join(folder, 'tensors.safetensors')))
    expect(tensors.size).toBeGreaterThan(0)
    expect(decodeSafetensors(encodeSafetensors(tensors)).tensors).toEqual(new Map([...tensors]))
  })
})
