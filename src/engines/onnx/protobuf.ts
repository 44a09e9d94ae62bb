const encoder = new TextEncoder()

/** Protocol-buffer wire format, writing only: the few field kinds that an ONNX file needs (docs/decisions/004). */
export class ProtobufWriter {
  private readonly parts: Uint8Array[] = []
  private length = 0

  private raw(bytes: Uint8Array): this {
    this.parts.push(bytes)
    this.length += bytes.length
    return this
  }

  private unsigned(value: bigint): this {
    const bytes: number[] = []
    let rest = value
    for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128)
    bytes.push(Number(rest))
    return this.raw(Uint8Array.from(bytes))
  }

  private tag(field: number, wireType: number): this {
    return this.unsigned(BigInt((field << 3) | wireType))
  }

  /** int32, int64 or enum; negative values take ten bytes, as the format wants. */
  integer(field: number, value: number | bigint): this {
    return this.tag(field, 0).unsigned(BigInt.asUintN(64, BigInt(value)))
  }

  float(field: number, value: number): this {
    return this.tag(field, 5).raw(new Uint8Array(Float32Array.of(value).buffer))
  }

  bytes(field: number, value: Uint8Array): this {
    return this.tag(field, 2).unsigned(BigInt(value.length)).raw(value)
  }

  string(field: number, value: string): this {
    return this.bytes(field, encoder.encode(value))
  }

  message(field: number, value: ProtobufWriter): this {
    this.tag(field, 2).unsigned(BigInt(value.length))
    value.parts.forEach((part) => this.raw(part))
    return this
  }

  finish(): Uint8Array {
    const result = new Uint8Array(this.length)
    let offset = 0
    for (const part of this.parts) {
      result.set(part, offset)
      offset += part.length
    }
    return result
  }
}
