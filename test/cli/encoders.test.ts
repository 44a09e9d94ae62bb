import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { decodeSafetensors, encodeSafetensors, type NamedTensor } from '../../src/core/safetensors.ts'
import { pickled, tensor, zipFile } from '../model/torchFile/torchFiles.ts'
import { Foldwise, foldwise, recordIn } from './program.ts'
import { temporaryFolder } from './project.ts'
import { libraryFile, libraryTensors } from './weights/encoderFiles.ts'
import { startHub } from './weights/hubServer.ts'

const name = 'resnet18'

/** A file as its library writes it: the encoder's random weights under its own keys, and a classifier. */
function weightsFile(folder: string, change: (tensors: Map<string, NamedTensor>) => void = () => undefined): string {
  const tensors = libraryTensors(name)
  change(tensors)
  const file = join(folder, 'model.safetensors')
  writeFileSync(file, encodeSafetensors(tensors, { format: 'pt' }))
  return file
}

/** The same as torch.save writes it. */
function torchFile(folder: string): string {
  const storages: Record<string, Uint8Array> = {}
  const entries = [...libraryTensors(name)].map(([key, { shape, data }], index) => {
    storages[index] = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    const type = data instanceof BigInt64Array ? 'LongStorage' : 'FloatStorage'
    const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, side) => product * side, 1))
    return [key, tensor(type, String(index), data.length, { shape, strides })] as const
  })
  const file = join(folder, 'resnet18-f37072fd.pth')
  writeFileSync(file, zipFile(pickled.ordered(...entries), storages))
  return file
}

describe('encoders', () => {
  it('lists weights, licences and normalisation', async () => {
    const { stdout } = await foldwise(['encoders', name], { cache: temporaryFolder() })
    expect(stdout).toMatch(/^encoder +weights +here +size +licence +mean +std/m)
    expect(stdout).toMatch(/^resnet18 +swsl +no +~45 MB +CC-BY-NC-4\.0 /m)
    expect(stdout).toMatch(/^resnet18 +imagenet +no +~45 MB +BSD-3-Clause.* 0\.485 0\.456 0\.406/m)
  })

  it('suggests the encoder that was meant', async () => {
    const { code, stderr } = await foldwise(['encoders', 'resnet81'])
    expect(code).toBe(2)
    expect(stderr).toContain('Did you mean "resnet18"?')
  })
})

describe('encoders --import', () => {
  it('takes over a file that fits, and shows it as here', async () => {
    const [cache, folder] = [temporaryFolder(), temporaryFolder()]
    const file = weightsFile(folder)
    const { code, stdout } = await foldwise(['encoders', name, '--import', file, '--weights', 'imagenet'], { cache })
    expect(code).toBe(0)
    expect(stdout).toMatch(/SHA-256 [0-9a-f]{64} \(not a file that is known/)
    const { stdout: listed } = await foldwise(['encoders', name, '--json'], { cache })
    expect(recordIn(listed, 'encoder')).toMatchObject({ encoder: name, weights: 'imagenet', isHere: true })
  })

  it.each([
    ['of another shape', 'conv1.weight', { shape: [64, 3, 5, 5], data: new Float32Array(64 * 75) }],
    ['missing', 'layer4.1.bn2.weight', undefined],
  ])('refuses a file with a tensor %s before anything is copied', async (_, key, tensor) => {
    const [cache, folder] = [temporaryFolder(), temporaryFolder()]
    const file = weightsFile(folder, (tensors) => {
      if (tensor === undefined) tensors.delete(key)
      else tensors.set(key, tensor)
    })
    const args = ['encoders', name, '--import', file, '--weights', 'imagenet']
    const { code, stderr } = await foldwise(args, { cache })
    expect(stderr).toContain('The weights do not fit the network.')
    expect(stderr).toContain(key)
    expect(code).toBe(2)
    expect(existsSync(join(cache, 'weights')) ? readdirSync(join(cache, 'weights')) : []).toEqual([])
  })

  it('asks which weights a file holds where that cannot be told', async () => {
    const folder = temporaryFolder()
    const { code, stderr } = await foldwise(['encoders', name, '--import', weightsFile(folder)])
    expect(code).toBe(2)
    expect(stderr).toContain('--weights imagenet')
  })

  it('refuses a file that does not exist, and one that is no safetensors file', async () => {
    const folder = temporaryFolder()
    const import_ = async (file: string) =>
      foldwise(['encoders', name, '--import', file, '--weights', 'imagenet'], { cache: temporaryFolder() })
    expect(await import_(join(folder, 'none'))).toMatchObject({ code: 2, stdout: '' })
    const file = join(folder, 'text.safetensors')
    writeFileSync(file, 'not weights')
    const { code, stderr } = await import_(file)
    expect(stderr).toContain(file)
    expect(code).toBe(2)
  })
})

describe('encoders --import of a file of PyTorch', () => {
  it('takes over its tensors as safetensors', async () => {
    const [cache, folder] = [temporaryFolder(), temporaryFolder()]
    const args = ['encoders', name, '--import', torchFile(folder), '--weights', 'imagenet']
    expect(await foldwise(args, { cache })).toMatchObject({ code: 0, stderr: '' })
    const [file] = readdirSync(join(cache, 'weights')).filter((each) => each.endsWith('.safetensors'))
    const { tensors } = decodeSafetensors(readFileSync(join(cache, 'weights', file)))
    const expected = libraryTensors(name)
    expected.delete('fc.weight')
    expect(new Set(tensors.keys())).toEqual(new Set(expected.keys()))
    expect(tensors.get('layer4.1.conv2.weight')).toEqual(expected.get('layer4.1.conv2.weight'))
  })

  it('refuses one that asks for more than tensors: what it is, and how to convert it', async () => {
    const [cache, folder] = [temporaryFolder(), temporaryFolder()]
    const [file, owned] = [join(folder, 'evil.pth'), join(folder, 'owned')]
    const call = pickled.call(pickled.global('os', 'system'), pickled.text(`touch ${owned}`))
    writeFileSync(file, zipFile(pickled.dict(['state_dict', call])))
    const args = ['encoders', name, '--import', file, '--weights', 'imagenet']
    const { code, stderr } = await foldwise(args, { cache })
    expect(code).toBe(2)
    expect(stderr).toContain('"os.system"')
    expect(stderr).toContain('safetensors.torch import save_file')
    expect(existsSync(owned)).toBe(false)
    expect(existsSync(join(cache, 'weights'))).toBe(false)
  })
})

describe('encoders --import of a folder', () => {
  it('takes over what is named after weights, and says what it leaves out', async () => {
    const [cache, folder] = [temporaryFolder(), temporaryFolder()]
    const place = join(folder, 'models--smp-hub--mobilenet_v2.imagenet', 'snapshots', 'abc')
    mkdirSync(place, { recursive: true })
    writeFileSync(join(place, 'model.safetensors'), libraryFile('mobilenet_v2'))
    torchFile(folder)
    writeFileSync(join(folder, 'resnet18.ssl.safetensors'), 'not weights')
    writeFileSync(join(folder, 'notes.txt'), 'not weights either')
    const { code, stdout, stderr } = await foldwise(['encoders', '--import', folder, '--json'], { cache })
    expect(code).toBe(0)
    const records = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { encoder: string; weights: string })
    expect(new Set(records.map(({ encoder, weights }) => `${encoder} ${weights}`))).toEqual(
      new Set(['mobilenet_v2 imagenet', 'resnet18 imagenet']),
    )
    expect(stderr).toMatch(/left out: .*resnet18\.ssl\.safetensors/)
  })

  it('says how files are to be named where none is', async () => {
    const { code, stderr } = await foldwise(['encoders', '--import', temporaryFolder()])
    expect(code).toBe(2)
    expect(stderr).toContain('resnet18.imagenet.safetensors')
  })
})

describe('encoders --download', () => {
  const encoder = 'mobilenet_v2'

  it('shows licence and progress, and then the weights are here', async () => {
    const cache = temporaryFolder()
    const { endpoint } = await startHub(libraryFile(encoder))
    const args = ['encoders', encoder, '--download', '--mirror', endpoint, '--json']
    const { code, stdout, stderr } = await foldwise(args, { cache })
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('BSD-3-Clause') as unknown })
    expect(recordIn(stdout, 'download')).toMatchObject({ encoder, weights: 'imagenet' })
    expect(recordIn(stdout, 'downloaded')).toMatchObject({ encoder, weights: 'imagenet' })
    const { stdout: listed } = await foldwise(['encoders', encoder, '--json'], { cache })
    expect(recordIn(listed, 'encoder')).toMatchObject({ isHere: true })
    const again = await foldwise(['encoders', encoder, '--download', '--mirror', 'http://127.0.0.1:1'], { cache })
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('is here already') as unknown })
  })

  it.runIf(process.platform !== 'win32')('stops at Ctrl-C, with what came kept', async () => {
    const cache = temporaryFolder()
    const { endpoint } = await startHub(libraryFile(encoder), { holdAfter: () => 1_000_000 })
    const program = new Foldwise(['encoders', encoder, '--download', '--mirror', endpoint, '--json'], { cache })
    await new Promise<void>((resolve) => {
      program.process.stdout!.on('data', (chunk) => {
        if (String(chunk).includes('"download"')) resolve()
      })
    })
    program.process.kill('SIGINT')
    const { code, stdout } = await program.ended
    expect(code).toBe(3)
    expect(recordIn(stdout, 'stopped')).toMatchObject({ encoder })
    const [part] = readdirSync(join(cache, 'weights', 'partial'))
    expect(part).toMatch(/^[0-9a-f]{64}\.part$/)
  })

  it('ends with 1 where the hub cannot give them, with 2 for weights that do not exist', async () => {
    const cache = temporaryFolder()
    const { endpoint } = await startHub(new Uint8Array(1), { status: 404 })
    expect(await foldwise(['encoders', encoder, '--download', '--mirror', endpoint], { cache })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('404') as unknown,
    })
    const missing = await foldwise(['encoders', 'resnet34', '--download', '--weights', 'ssl'], { cache })
    expect(missing.code).toBe(2)
    expect(missing.stderr).toMatch(/Nearest encoders with ssl: resnet/)
    const unsaid = await foldwise(['encoders', 'resnet18', '--download'], { cache })
    expect(unsaid).toMatchObject({ code: 2, stderr: expect.stringContaining('--weights imagenet') as unknown })
  })

  it('says so on a disk without room', async () => {
    const bytes = libraryFile(encoder)
    const { endpoint } = await startHub(bytes)
    const cache = temporaryFolder()
    // Files end at 1 MiB: like a full disk, the system takes what still fits and refuses the rest.
    const wrapper = ['bash', '-c', 'ulimit -f 1024; exec "$0" "$@"']
    const args = ['encoders', encoder, '--download', '--mirror', endpoint]
    const { code, stderr } = await foldwise(args, { cache, wrapper })
    expect(code).toBe(1)
    expect(stderr).toContain('no space left')
  })
})
