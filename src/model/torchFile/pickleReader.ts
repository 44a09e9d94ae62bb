import { brokenTorchFile } from './torchFileError.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Reads the parts of a pickle one after another. @throws UserError where it ends too early */
export class PickleReader {
  position: number
  private readonly bytes: Uint8Array
  private readonly view: DataView

  constructor(bytes: Uint8Array, position: number) {
    this.bytes = bytes
    this.position = position
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  byte(): number {
    return this.view.getUint8(this.skip(1))
  }

  uint16(): number {
    return this.view.getUint16(this.skip(2), true)
  }

  int32(): number {
    return this.view.getInt32(this.skip(4), true)
  }

  uint32(): number {
    return this.view.getUint32(this.skip(4), true)
  }

  /** @throws UserError beyond 2^53 */
  uint64(): number {
    const value = Number(this.view.getBigUint64(this.skip(8), true))
    if (!Number.isSafeInteger(value)) throw brokenTorchFile('a length in its pickle is beyond all bounds')
    return value
  }

  float64(): number {
    return this.view.getFloat64(this.skip(8), false)
  }

  /** Two's complement, the lowest byte first; a number where it is exact. */
  integer(length: number): number | bigint {
    let value = 0n
    const bytes = this.take(length)
    for (let index = length - 1; index >= 0; index--) value = (value << 8n) | BigInt(bytes[index])
    if (length > 0 && bytes[length - 1] >= 0x80) value -= 1n << BigInt(8 * length)
    return Number.isSafeInteger(Number(value)) ? Number(value) : value
  }

  text(length: number): string {
    try {
      return utf8.decode(this.take(length))
    } catch (cause) {
      if (cause instanceof TypeError) throw brokenTorchFile('a text in its pickle is not UTF-8', cause)
      throw cause
    }
  }

  /** Up to the end of the line, which is left out. */
  line(): string {
    const end = this.bytes.indexOf(0x0a, this.position)
    if (end < 0) throw brokenTorchFile('its pickle ends within a line')
    const text = this.text(end - this.position)
    this.position++
    return text
  }

  take(length: number): Uint8Array {
    const start = this.skip(length)
    return this.bytes.subarray(start, start + length)
  }

  private skip(length: number): number {
    const start = this.position
    if (start + length > this.bytes.length) throw brokenTorchFile('its pickle ends too early')
    this.position = start + length
    return start
  }
}
