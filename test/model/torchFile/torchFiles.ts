import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

// Files as torch.save writes them, byte by byte: torch's own are tried in test/checkpoints.

/** Pieces of a pickle of protocol 2. */
export const pickled = {
  number: (value: number): Buffer => {
    const bytes = Buffer.alloc(5)
    bytes[0] = 0x4a
    bytes.writeInt32LE(value, 1)
    return bytes
  },
  text: (value: string): Buffer => {
    const text = Buffer.from(value)
    const head = Buffer.alloc(5)
    head[0] = 0x58
    head.writeUInt32LE(text.length, 1)
    return Buffer.concat([head, text])
  },
  global: (module: string, name: string): Buffer => Buffer.from(`c${module}\n${name}\n`),
  tuple: (...items: readonly Buffer[]): Buffer => Buffer.concat([Buffer.from('('), ...items, Buffer.from('t')]),
  list: (...items: readonly Buffer[]): Buffer => Buffer.concat([Buffer.from(']('), ...items, Buffer.from('e')]),
  dict: (...entries: readonly (readonly [string, Buffer])[]): Buffer =>
    Buffer.concat([Buffer.from('}('), ...entries.flatMap(([key, value]) => [pickled.text(key), value]), Buffer.from('u')]), // prettier-ignore
  call: (callee: Buffer, ...callArguments: readonly Buffer[]): Buffer =>
    Buffer.concat([callee, pickled.tuple(...callArguments), Buffer.from('R')]),
  ordered: (...entries: readonly (readonly [string, Buffer])[]): Buffer =>
    Buffer.concat([
      pickled.call(pickled.global('collections', 'OrderedDict')),
      Buffer.from('('),
      ...entries.flatMap(([key, value]) => [pickled.text(key), value]),
      Buffer.from('u'),
    ]),
  /** One whole pickle. */
  whole: (value: Buffer): Buffer => Buffer.concat([Buffer.from([0x80, 2]), value, Buffer.from('.')]),
}

interface View {
  readonly offset?: number
  readonly shape: readonly number[]
  readonly strides: readonly number[]
}

/** A view of the storage `key` of `elements` elements. @param type e.g. `FloatStorage` */
export function tensor(type: string, key: string, elements: number, { offset = 0, shape, strides }: View): Buffer {
  const { call, global, list, number, text, tuple } = pickled
  const id = tuple(text('storage'), global('torch', type), text(key), text('cpu'), number(elements))
  const none = Buffer.from([0x89])
  return call(
    global('torch._utils', '_rebuild_tensor_v2'),
    Buffer.concat([id, Buffer.from('Q')]),
    number(offset),
    tuple(...shape.map(number)),
    tuple(...strides.map(number)),
    none,
    list(),
  )
}

export function temporaryFile(name: string, content: Uint8Array): string {
  const folder = mkdtempSync(join(tmpdir(), 'foldwise-torch-'))
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true })
  })
  const file = join(folder, name)
  writeFileSync(file, content)
  return file
}

/** The zip format: `storages` by key. */
export function zipFile(value: Buffer, storages: Readonly<Record<string, Uint8Array>> = {}): Buffer {
  const entries = Object.entries(storages).map(([key, bytes]) => [`archive/data/${key}`, bytes] as const)
  return zip([['archive/data.pkl', pickled.whole(value)], ['archive/byteorder', Buffer.from('little')], ...entries])
}

/** The format before torch 1.6. */
export function legacyFile(value: Buffer, storages: readonly (readonly [string, number, Uint8Array])[]): Buffer {
  const { dict, list, text, number, whole } = pickled
  const magic = Buffer.concat([Buffer.from([0x8a, 10]), Buffer.from('6cfc9c46f9206aa85019', 'hex')])
  const system = dict(['protocol_version', number(1001)], ['little_endian', Buffer.from([0x88])])
  const keys = list(...storages.map(([key]) => text(key)))
  const parts = storages.flatMap(([, elements, bytes]) => {
    const count = Buffer.alloc(8)
    count.writeBigInt64LE(BigInt(elements))
    return [count, bytes]
  })
  return Buffer.concat([whole(magic), whole(number(1001)), whole(system), whole(value), whole(keys), ...parts])
}

/** A zip archive. @param method 0 stores; anything else only says that it does not */
export function zip(entries: readonly (readonly [string, Uint8Array])[], method = 0): Buffer {
  const parts: Uint8Array[] = []
  const directory: Uint8Array[] = []
  let position = 0
  for (const [name, bytes] of entries) {
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(method, 4)
    common.writeUInt32LE(bytes.length, 14)
    common.writeUInt32LE(bytes.length, 18)
    common.writeUInt16LE(name.length, 22)
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), common, Buffer.from(name)])
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(position, 10)
    directory.push(Buffer.from('PK\u0001\u0002'), Buffer.from([20, 0]), common, tail, Buffer.from(name))
    parts.push(local, bytes)
    position += local.length + bytes.length
  }
  const list = Buffer.concat(directory)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(entries.length, 4)
  end.writeUInt16LE(entries.length, 6)
  end.writeUInt32LE(list.length, 8)
  end.writeUInt32LE(position, 12)
  return Buffer.concat([...parts, list, Buffer.from('PK\u0005\u0006'), end])
}
