import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { existsSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { UserError } from '../../src/core/errors.ts'
import { decodeSafetensors, encodeSafetensors, type NamedTensor } from '../../src/core/safetensors.ts'
import { lowerPlain } from '../../src/engines/onnx/plain/lowerPlain.ts'
import { input } from '../../src/graph/sources.ts'
import { size, type Tensor } from '../../src/graph/tensor.ts'
import { encoders } from '../../src/model/encoders/registry.ts'
import { initialState } from '../../src/model/initialize.ts'
import { NetworkBuilder } from '../../src/model/networkBuilder.ts'
import { findPretrained, loadPretrained, pretrainedWeights, weightsFileName } from '../../src/model/pretrained.ts'
import { runLowered } from '../engines/runLowered.ts'
import { describeWithShared } from '../shared.ts'
import { featureProgram } from './programs.ts'

interface Built {
  readonly builder: NetworkBuilder
  readonly features: readonly Tensor[]
}

function built(name: string, shape: readonly [number, number, number, number] = [1, 3, 64, 64]): Built {
  const builder = new NetworkBuilder('inference')
  return { builder, features: encoders.get(name).build(builder, input(builder.graph, 'image', shape), 5) }
}

async function refusal(promise: Promise<unknown>): Promise<UserError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof UserError) return error
  throw new Error('no UserError', { cause: error })
}

describe('pretrainedWeights', () => {
  it('names the encoder’s own weights and who has the asked-for ones', () => {
    const encoder = encoders.get('mobilenet_v2')
    expect(() => pretrainedWeights(encoder, 'noisy-student')).toThrow(/noisy-student.*mobilenet_v2/)
    try {
      pretrainedWeights(encoder, 'noisy-student')
    } catch (error) {
      expect((error as UserError).details.allowed).toContain('imagenet')
      expect((error as UserError).details.hint).toContain('timm-efficientnet-b0')
    }
  })
})

describe('weights from files', () => {
  const encoder = encoders.get('resnet18')
  const { declarations } = built('resnet18').builder
  const bare = new Map(
    [...initialState(declarations, 3)].map(([key, tensor]) => [key.slice('encoder.'.length), tensor]),
  )
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'foldwise-weights-'))
  })
  afterAll(async () => {
    await rm(folder, { recursive: true })
  })
  const write = async (name: string, tensors: ReadonlyMap<string, NamedTensor>): Promise<string> => {
    const path = join(folder, name)
    await writeFile(path, encodeSafetensors(tensors))
    return path
  }
  const stem = 'encoder.conv1.weight'

  it('come under the library’s keys or prefixed as in a checkpoint, without classifier and decoder', async () => {
    const classifier = { shape: [1], data: Float32Array.of(1) }
    const library = await write('bare.safetensors', new Map([...bare, ['fc.bias', classifier]]))
    const prefixed = [...bare].map(([key, tensor]) => [`encoder.${key}`, tensor] as const)
    const checkpoint = await write(
      'checkpoint.safetensors',
      new Map([...prefixed, ['segmentation_head.0.bias', classifier]]),
    )
    for (const path of [library, checkpoint]) {
      const state = await loadPretrained(path, encoder, declarations)
      expect(new Set(state.keys())).toEqual(new Set(declarations.map(({ key }) => key)))
      expect(state.get(stem)!.data).toEqual(bare.get('conv1.weight')!.data)
    }
  })

  it('may lack the batch counters of old files, and nothing else', async () => {
    const old = await write(
      'old.safetensors',
      new Map([...bare].filter(([key]) => !key.endsWith('num_batches_tracked'))),
    )
    const state = await loadPretrained(old, encoder, declarations)
    expect(state.get('encoder.bn1.num_batches_tracked')).toEqual({ shape: [], data: BigInt64Array.of(0n) })

    const wrong = new Map(bare)
      .set('layer9.weight', bare.get('bn1.weight')!)
      .set('bn1.bias', bare.get('layer4.0.bn1.bias')!)
    wrong.delete('layer1.0.conv1.weight')
    const { message } = await refusal(loadPretrained(await write('wrong.safetensors', wrong), encoder, declarations))
    expect(message).toContain('missing (1): encoder.layer1.0.conv1.weight')
    expect(message).toContain('unexpected (1): encoder.layer9.weight')
    expect(message).toContain('encoder.bn1.bias [512] instead of [64]')
  })

  it('are spread over other numbers of channels with the response kept', async () => {
    const path = await write('rgb.safetensors', bare)
    const old = bare.get('conv1.weight')!.data as Float32Array
    const at = (output: number, channel: number, tap: number): number => old[(output * 3 + channel) * 49 + tap]
    for (const channels of [1, 2, 4, 5]) {
      const { declarations: other } = built('resnet18', [1, channels, 64, 64]).builder
      const { shape, data } = (await loadPretrained(path, encoder, other)).get(stem)!
      expect(shape).toEqual([64, channels, 7, 7])
      const [output, channel, tap] = [5, channels - 1, 11]
      const expected =
        channels === 1 ? at(5, 0, 11) + at(5, 1, 11) + at(5, 2, 11) : (at(5, channel % 3, 11) * 3) / channels
      expect(data[(output * channels + channel) * 49 + tap]).toBeCloseTo(expected, 6)
    }
  })

  it('come under the names of a classifier of timm, which flattens them where it gives features', async () => {
    const convNeXt = encoders.get('tu-convnext_tiny')
    const { declarations: flat } = built('tu-convnext_tiny').builder
    const scalar = { shape: [1], data: Float32Array.of(1) }
    const tensors = flat.map(({ key, shape }) => {
      const name = key.slice('encoder.model.'.length).replace(/^(stem|stages)_/, '$1.')
      return [name, { shape, data: new Float32Array(size(shape)) }] as const
    })
    const path = await write('timm.safetensors', new Map([...tensors, ['head.fc.bias', scalar]]))
    const state = await loadPretrained(path, convNeXt, flat)
    expect(new Set(state.keys())).toEqual(new Set(flat.map(({ key }) => key)))
  })

  it('are found under the name that an import gives them', async () => {
    const error = await refusal(findPretrained(encoder, 'imagenet', [folder]))
    expect(error.details.hint).toContain('foldwise encoders resnet18 --import FILE --weights imagenet')
    const path = await write(weightsFileName(encoder, 'imagenet'), bare)
    expect(await findPretrained(encoder, 'imagenet', [join(folder, 'none'), folder])).toBe(path)
  })

  it('of a known name but other content are refused', async () => {
    const [known] = encoders.get('mobilenet_v2').pretrained['imagenet'].files!
    await write(known.name, bare)
    const error = await refusal(findPretrained(encoders.get('mobilenet_v2'), 'imagenet', [folder]))
    expect(error.details.allowed).toContain(known.sha256)
  })
})

/** Which features of a file belong to which of our encoders: prefix of their names there. */
const featureFiles = [
  { encoder: 'tu-tf_efficientnet_lite0', file: 'efficientnet-lite0-features.safetensors', prefix: 'timm.feature_' },
  { encoder: 'timm-tf_efficientnet_lite0', file: 'efficientnet-lite0-features.safetensors', prefix: 'smp.feature_' },
  { encoder: 'mobilenet_v2', file: 'mobilenet-v2-features.safetensors', prefix: 'feature_' },
]
const tolerance = 1e-4

describeWithShared('ImageNet weights', 'weights', (folder) => {
  const present = featureFiles.filter(({ file }) => existsSync(join(folder, file)))

  it.each(present)('give $encoder the features of its library', async ({ encoder: name, file, prefix }) => {
    const { tensors } = decodeSafetensors(readFileSync(join(folder, file)))
    const encoder = encoders.get(name)
    const image = tensors.get('input')!
    const { builder, features } = built(name, image.shape as [number, number, number, number])
    const path = await findPretrained(encoder, 'imagenet', [folder])
    const state = await loadPretrained(path, encoder, builder.declarations)

    const floats = new Map(
      [...state].flatMap(([key, { data }]) => (data instanceof Float32Array ? [[key, data] as const] : [])),
    )
    const data = new Map([['image', image.data as Float32Array]])
    const program = featureProgram({ graph: builder.graph, features })
    const { results } = await runLowered(lowerPlain(program), { parameters: floats, buffers: floats, data })
    for (let index = 1; index < features.length; index++) {
      const expected = tensors.get(`${prefix}${index}`)!
      expect(features[index].shape).toEqual(expected.shape)
      const values = expected.data as Float32Array
      const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
      const ours = results.get(`feature_${index}`)!
      const worst = values.reduce((most, value, at) => Math.max(most, Math.abs(value - ours[at])), 0)
      expect(worst / largest).toBeLessThanOrEqual(tolerance)
    }
  })
})
