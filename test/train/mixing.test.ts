import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { decodeSafetensors } from '../../src/core/safetensors.ts'
import { UserError } from '../../src/core/errors.ts'
import type { ExperimentConfig, LossConfig } from '../../src/core/experiment.ts'
import { differentiate } from '../../src/graph/gradients.ts'
import { program } from '../../src/graph/program.ts'
import { input } from '../../src/graph/sources.ts'
import { Graph, type Shape } from '../../src/graph/tensor.ts'
import { snapMixed } from '../../src/augment/mixes/snapMixed.ts'
import type { MixedLabels } from '../../src/augment/mixes/mix.ts'
import { PixelLabels, PixelScores } from '../../src/train/losses/loss.ts'
import { mixedOutputs, targetInput } from '../../src/train/lossOutputs.ts'
import { checkMix, labelInputs } from '../../src/train/mixing.ts'
import { runLowered } from '../engines/runLowered.ts'
import { lowerings } from '../parity/lowerings.ts'
import { describeWithFixtures } from '../shared.ts'

const crossEntropy: LossConfig = { name: 'CrossEntropyLoss', weight: 1 }
const dice: LossConfig = { name: 'DiceLoss', weight: 0.5 }
const all = await lowerings()

async function runMixed(
  { lower }: (typeof all)[number],
  labels: MixedLabels,
  configs: readonly LossConfig[],
  [shape, logits]: readonly [Shape, Float32Array],
  batch: Parameters<typeof labelInputs>[1],
): Promise<{ loss: number; gradient: Float32Array }> {
  const graph = new Graph()
  const scores = input(graph, 'logits', shape)
  const outputs = mixedOutputs(labels, configs, [
    { weight: 1, logits: scores, scores: new PixelScores(scores, new PixelLabels(targetInput(scores), shape[1])) },
  ])
  const loss = outputs.get('loss')!
  outputs.set('gradient:logits', differentiate(loss, [scores]).get(scores)!)
  const data = new Map(Object.entries({ logits, ...labelInputs(labels, batch) }))
  const { results } = await runLowered(lower(program(graph, { outputs })), { data })
  return { loss: results.get('loss')![0], gradient: results.get('gradient:logits') as Float32Array }
}

describe.each(all)('losses of mixed batches, $name', (lowering) => {
  const shape = [2, 3, 2, 2]
  const logits = Float32Array.from({ length: 24 }, (_, i) => Math.sin(3 * i))
  const target = Int32Array.of(0, 1, 2, 255, 2, 2, 1, 0)
  const swapped = Int32Array.of(2, 2, 1, 0, 0, 1, 2, 255)

  it('are those of both label maps by their shares', async () => {
    const run = (labels: MixedLabels, batch: Parameters<typeof labelInputs>[1]) =>
      runMixed(lowering, labels, [crossEntropy, dice], [shape, logits], batch)
    const [own, other] = [await run('one', { target }), await run('one', { target: swapped })]
    const mixed = await run('two', { target, second: { share: 0.3, partners: [1, 0] } })
    expect(mixed.loss).toBeCloseTo(0.3 * own.loss + 0.7 * other.loss, 6)
    mixed.gradient.forEach((value, i) => {
      expect(value).toBeCloseTo(0.3 * own.gradient[i] + 0.7 * other.gradient[i], 6)
    })
    expect((await run('two', { target })).loss).toBeCloseTo(own.loss, 6)
  })

  it('are the ordinary mean where weighted pixels are not mixed', async () => {
    const run = (labels: MixedLabels) => runMixed(lowering, labels, [crossEntropy], [shape, logits], { target })
    expect((await run('weighted')).loss).toBeCloseTo((await run('one')).loss, 6)
  })
})

describeWithFixtures('SnapMix equals its reference', 'augment', (folder) => {
  if (folder === '') return
  const { tolerance, snapmix } = JSON.parse(readFileSync(`${folder}/mix.json`, 'utf8')) as {
    tolerance: string
    snapmix: Record<'box_a_x1y1x2y2' | 'box_b_x1y1x2y2', number[]> & { dense_loss: number }
  }
  const { tensors } = decodeSafetensors(readFileSync(`${folder}/tensors.safetensors`))
  const floats = (name: string): Float32Array => Float32Array.from(tensors.get(name)!.data as Float32Array)
  const boxOf = ([left, top, right, bottom]: number[]) => ({ left, top, right, bottom })

  it.each(all)('$name', async (lowering) => {
    const [count, , height, width] = tensors.get('mix/images')!.shape
    const batch = {
      image: floats('mix/images'),
      target: Int32Array.from(tensors.get('mix/masks')!.data as Uint8Array),
      ...{ count, height, width },
    }
    const mixed = snapMixed(batch, floats('snapmix/spm'), {
      partners: [...(tensors.get('mix/perm')!.data as Int32Array)],
      target: boxOf(snapmix.box_a_x1y1x2y2),
      source: boxOf(snapmix.box_b_x1y1x2y2),
    })!
    const { shape } = tensors.get('snapmix/logits')!
    const { loss, gradient } = await runMixed(
      lowering,
      'weighted',
      [crossEntropy],
      [shape, floats('snapmix/logits')],
      mixed,
    )
    expect(Math.abs(loss - snapmix.dense_loss)).toBeLessThanOrEqual(Number(tolerance))
    const wanted = floats('snapmix/grad_logits')
    gradient.forEach((value, i) => {
      expect(Math.abs(value - wanted[i])).toBeLessThanOrEqual(Number(tolerance))
    })
  })
})

describe('checkMix', () => {
  const checked = (mix: ExperimentConfig['mix'], loss: readonly LossConfig[], batch_size = 4): (() => void) => {
    const data = { batch_size, image_size: null, accumulate_grad_batches: 1 }
    return () => {
      checkMix({ mix, loss, data })
    }
  }

  it('takes every loss but for SnapMix', () => {
    expect(checked({ name: 'Mixup', p: 1 }, [crossEntropy, dice])).not.toThrow()
    expect(checked({ name: 'SnapMix', p: 1 }, [crossEntropy])).not.toThrow()
    expect(checked({ name: 'SnapMix', p: 1 }, [crossEntropy, dice])).toThrow(UserError)
    expect(checked({ name: 'SnapMix', p: 1 }, [{ ...crossEntropy, class_weights: [1, 2] }])).toThrow(UserError)
  })

  it('refuses batches of one image', () => {
    expect(checked({ name: 'CutMix', p: 1 }, [crossEntropy], 1)).toThrow(UserError)
    expect(checked(null, [crossEntropy], 1)).not.toThrow()
  })
})

describe('a mix that gives a pixel two labels', () => {
  const data = { batch_size: 4 } as Parameters<typeof checkMix>[0]['data']

  it('is refused beside a loss that reads distances to one', () => {
    const loss = [crossEntropy, { name: 'BoundaryLoss', weight: 1 }]
    expect(() => {
      checkMix({ mix: { name: 'Mixup', p: 1 }, loss, data })
    }).toThrow('BoundaryLoss reads distances to one')
    expect(() => {
      checkMix({ mix: { name: 'CutMix', p: 1 }, loss, data })
    }).not.toThrow()
  })
})
