import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { encodeSafetensors, type NamedTensor } from '../../src/core/safetensors.ts'
import { encoders } from '../../src/model/encoders/registry.ts'
import { initialState } from '../../src/model/initialize.ts'
import { buildNetwork } from '../../src/model/network.ts'
import { foldwise, recordIn } from './program.ts'
import { temporaryFolder } from './project.ts'

const name = 'resnet18'

/** A file as its library writes it: the encoder's random weights under its own keys, and a classifier. */
function weightsFile(folder: string, change: (tensors: Map<string, NamedTensor>) => void = () => undefined): string {
  const { keyPrefix } = encoders.get(name)
  const model = {
    arch: 'Unet',
    encoder_name: name,
    encoder_weights: null,
    encoder_depth: 5,
    in_channels: 3,
    decoder_channels: [256, 128, 64, 32, 16],
    decoder_interpolation: 'nearest',
    decoder_attention_type: null,
  }
  const { declarations } = buildNetwork(model, { mode: 'inference', batch: 1, height: 64, width: 64, classes: 1 })
  const own = [...initialState(declarations, 0)].filter(([key]) => key.startsWith(keyPrefix))
  const tensors = new Map(own.map(([key, tensor]) => [key.slice(keyPrefix.length), tensor]))
  tensors.set('fc.weight', { shape: [2, 512], data: new Float32Array(1024) })
  change(tensors)
  const file = join(folder, 'model.safetensors')
  writeFileSync(file, encodeSafetensors(tensors, { format: 'pt' }))
  return file
}

describe('encoders', () => {
  it('lists weights, licences and normalisation', async () => {
    const { stdout } = await foldwise(['encoders', name], { cache: temporaryFolder() })
    expect(stdout).toMatch(/^encoder +weights +here +licence +mean +std/m)
    expect(stdout).toMatch(/^resnet18 +imagenet +no +BSD-3-Clause.* 0\.485 0\.456 0\.406/m)
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
