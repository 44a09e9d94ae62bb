import { describe, expect, it } from 'vitest'
import { UserError } from '../../../src/core/errors.ts'
import { readTensors } from '../../../src/model/torchFile/readTensors.ts'
import { torchFormatOf } from '../../../src/model/torchFile/torchFile.ts'
import { legacyFile, pickled, temporaryFile, tensor, zip, zipFile } from './torchFiles.ts'

const { call, dict, global, list, number, ordered, text, tuple } = pickled

function bytesOf(data: ArrayBufferView): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
}

async function tensorsOf(content: Buffer): ReturnType<typeof readTensors> {
  return readTensors(temporaryFile('weights.pth', content), torchFormatOf(content)!)
}

async function refusal(content: Buffer): Promise<UserError> {
  const error: unknown = await tensorsOf(content).catch((reason: unknown) => reason)
  if (error instanceof UserError) return error
  throw new Error('no UserError', { cause: error })
}

const six = Float32Array.of(1, 2, 3, 4, 5, 6)
const matrix = tensor('FloatStorage', '0', 6, { shape: [2, 3], strides: [3, 1] })

describe('a file of torch', () => {
  it('gives its tensors in the zip format and in the one before', async () => {
    const expected = new Map([['w', { shape: [2, 3], data: six }]])
    const value = ordered(['w', matrix])
    expect(await tensorsOf(zipFile(value, { 0: bytesOf(six) }))).toEqual(expected)
    expect(await tensorsOf(legacyFile(value, [['0', 6, bytesOf(six)]]))).toEqual(expected)
  })

  it('may show parts of a storage, transposed or from its middle, and share it', async () => {
    const value = dict(
      ['whole', matrix],
      ['transposed', tensor('FloatStorage', '0', 6, { shape: [3, 2], strides: [1, 3] })],
      ['middle', tensor('FloatStorage', '0', 6, { offset: 2, shape: [2], strides: [1] })],
      ['column', tensor('FloatStorage', '0', 6, { offset: 1, shape: [2], strides: [3] })],
      ['scalar', tensor('FloatStorage', '0', 6, { offset: 5, shape: [], strides: [] })],
    )
    const tensors = await tensorsOf(zipFile(value, { 0: bytesOf(six) }))
    const numbers = (key: string): unknown => Array.from(tensors.get(key)!.data as Float32Array)
    expect(numbers('whole')).toEqual([1, 2, 3, 4, 5, 6])
    expect(numbers('transposed')).toEqual([1, 4, 2, 5, 3, 6])
    expect(numbers('middle')).toEqual([3, 4])
    expect(numbers('column')).toEqual([2, 5])
    expect(tensors.get('scalar')).toEqual({ shape: [], data: Float32Array.of(6) })
  })

  it('turns floats of every width into float32 and keeps counters', async () => {
    const one = { shape: [4], strides: [1] }
    const value = dict(
      ['half', tensor('HalfStorage', '0', 4, one)],
      ['brain', tensor('BFloat16Storage', '1', 4, one)],
      ['double', tensor('DoubleStorage', '2', 4, one)],
      ['count', tensor('LongStorage', '3', 1, { shape: [], strides: [] })],
    )
    const tensors = await tensorsOf(
      zipFile(value, {
        // 1.5, -2, the smallest of all, infinity
        0: bytesOf(Uint16Array.of(0x3e00, 0xc000, 0x0001, 0x7c00)),
        1: bytesOf(Uint16Array.of(0x3fc0, 0xc000, 0x0001, 0x7f80)),
        2: bytesOf(Float64Array.of(1.5, -2, 1 / 3, Infinity)),
        3: bytesOf(BigInt64Array.of(7n)),
      }),
    )
    expect(tensors.get('half')!.data).toEqual(Float32Array.of(1.5, -2, 2 ** -24, Infinity))
    expect(tensors.get('brain')!.data).toEqual(Float32Array.of(1.5, -2, 2 ** -133, Infinity))
    expect(tensors.get('double')!.data).toEqual(Float32Array.of(1.5, -2, 1 / 3, Infinity))
    expect(tensors.get('count')).toEqual({ shape: [], data: BigInt64Array.of(7n) })
  })

  it('may keep its state dict beside epoch and optimizer, and under names of wrappers', async () => {
    const state = ordered(['module.w', matrix], ['module.b', matrix])
    const optimizer = dict(['param_groups', list(dict(['lr', number(1)]))])
    const value = dict(['epoch', number(3)], ['optimizer', optimizer], ['model_state_dict', state])
    const tensors = await tensorsOf(zipFile(value, { 0: bytesOf(six) }))
    expect([...tensors.keys()]).toEqual(['w', 'b'])
  })

  it('without a state dict says where one is looked for', async () => {
    expect((await refusal(zipFile(dict(['epoch', number(1)])))).details).toMatchObject({ code: 'not-a-state-dict' })
    expect((await refusal(zipFile(list(number(1))))).details).toMatchObject({ code: 'not-a-state-dict' })
    // {'model': itself}
    const itself = Buffer.concat([Buffer.from('}q\u0000'), text('model'), Buffer.from('h\u0000s')])
    expect((await refusal(zipFile(itself))).details).toMatchObject({ code: 'not-a-state-dict' })
  })
})

describe('what a file may not ask for', () => {
  const hostile: Readonly<Record<string, readonly [value: Buffer, names: string]>> = {
    'a command of the system': [call(global('posix', 'system'), text('touch /tmp/owned')), 'posix.system'],
    'builtins by their other name': [call(global('__builtin__', 'eval'), text('1')), '__builtin__.eval'],
    'names of JavaScript': [call(global('constructor', 'constructor'), text('1')), 'constructor.constructor'],
    'a prototype': [global('__proto__', 'toString'), '__proto__.toString'],
    'a storage that is none': [global('torch', 'hasOwnProperty'), 'torch.hasOwnProperty'],
    'a whole model': [call(global('segmentation_models_pytorch', 'Unet')), 'segmentation_models_pytorch.Unet'],
    'a scalar of NumPy': [call(global('numpy.core.multiarray', 'scalar')), 'numpy.core.multiarray.scalar'],
    'a global from the stack': [Buffer.concat([text('os'), text('system'), Buffer.from([0x93])]), 'os.system'],
    'a call of something that is no function': [call(text('x'), text('y')), 'calls something'],
    'a call of a dictionary': [call(dict(), text('y')), 'calls something'],
    'state for a function': [
      Buffer.concat([global('collections', 'OrderedDict'), dict(['a', number(1)]), Buffer.from('b')]),
      'sets the state',
    ],
    'entries for a list': [Buffer.concat([list(), text('__proto__'), number(1), Buffer.from('s')]), 'sets entries'],
    'elements for a dictionary': [Buffer.concat([dict(), number(1), Buffer.from('a')]), 'appends'],
    'an instance of a class': [Buffer.concat([Buffer.from('(ios\nsystem\n')]), '0x69'],
    'an extension': [Buffer.from([0x82, 1]), '0x82'],
    'an object made by its class': [Buffer.concat([global('collections', 'OrderedDict'), tuple(), Buffer.from([0x81])]), '0x81'], // prettier-ignore
    'persistent things that are no storages': [Buffer.concat([text('file'), Buffer.from('Q')]), 'no storage'],
    'a tensor that repeats its storage': [
      dict(['w', tensor('FloatStorage', '0', 1, { shape: [1 << 30], strides: [0] })]),
      'repeats its storage',
    ],
    'a tensor of very many sides': [
      dict(['w', tensor('FloatStorage', '0', 1, { shape: Array<number>(9).fill(1), strides: Array<number>(9).fill(1) })]), // prettier-ignore
      '9 sides',
    ],
  }

  it.each(Object.keys(hostile))('%s', async (title) => {
    const [value, names] = hostile[title]
    const { message, details } = await refusal(zipFile(value, { 0: new Uint8Array(4) }))
    expect(details).toMatchObject({ code: 'unsafe-pickle', hint: expect.stringContaining('safetensors') as unknown })
    expect(message).toContain(names)
  })

  it('memory without end, through tensors that share a storage', async () => {
    const entries = Array.from({ length: 2000 }, (_, index) => [`w${index}`, matrixOf(100)] as const)
    const { message } = await refusal(zipFile(dict(...entries), { 0: new Uint8Array(40_000) }))
    expect(message).toContain('20000000 elements')

    function matrixOf(side: number): Buffer {
      return tensor('FloatStorage', '0', side * side, { shape: [side, side], strides: [side, 1] })
    }
  })

  it('opcodes without end', async () => {
    const { message } = await refusal(zipFile(Buffer.alloc(4_000_001, 0x5d)))
    expect(message).toContain('more than 4000000 parts')
  })

  it('an archive that is compressed', async () => {
    const entries = [['archive/data.pkl', pickled.whole(dict())]] as const
    expect((await refusal(zip(entries, 8))).message).toContain('is compressed')
  })

  it('nothing of it touches what objects inherit', async () => {
    await refusal(zipFile(dict(['__proto__', dict(['polluted', number(1)])])))
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})

describe('a torn file', () => {
  const value = ordered(['w', matrix])
  const whole = { zip: zipFile(value, { 0: bytesOf(six) }), legacy: legacyFile(value, [['0', 6, bytesOf(six)]]) }

  it.each(['zip', 'legacy'] as const)('is refused wherever it ends (%s)', async (format) => {
    const content = whole[format]
    for (let length = 4; length < content.length; length += 7)
      expect((await refusal(content.subarray(0, length))).details.code).toBe('broken-torch-file')
  })

  it('is refused where a storage is missing, short or smaller than its tensor', async () => {
    expect((await refusal(zipFile(value))).message).toContain('storage 0 is missing')
    expect((await refusal(zipFile(value, { 0: new Uint8Array(20) }))).message).toContain('20 bytes instead of 24')
    const large = dict(['w', tensor('FloatStorage', '0', 6, { offset: 1, shape: [2, 3], strides: [3, 1] })])
    expect((await refusal(zipFile(large, { 0: bytesOf(six) }))).message).toContain('larger than its storage')
  })

  it('is refused where a byte of its pickle is another', async () => {
    const content = pickled.whole(value)
    for (let index = 2; index < content.length - 1; index += 3) {
      const changed = Buffer.from(content)
      changed[index] ^= 0xff
      const archive = zip([
        ['archive/data.pkl', changed],
        ['archive/data/0', bytesOf(six)],
      ])
      const outcome = await tensorsOf(archive).catch((error: unknown) => error)
      // A key or a text may be another; nothing else comes of it than tensors or a refusal.
      expect(outcome instanceof Map || outcome instanceof UserError).toBe(true)
    }
  })
})
