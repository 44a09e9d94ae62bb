import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { decode } from 'fast-png'
import { describe, expect, it } from 'vitest'
import { decodeSafetensors } from '../../src/core/safetensors.ts'
import { scoresOf } from '../../src/core/metrics.ts'
import { runResultSchema, type ImageScores } from '../../src/protocol/runFolder.ts'
import type { ValidationScores } from '../../src/protocol/values.ts'
import { Foldwise, eventsIn, foldwise, recordIn } from './program.ts'
import { eventsOf, numbersOf, runFile, tiny, tinyProject, writeExperiment } from './project.ts'

interface Evaluation {
  readonly scores: ValidationScores
  readonly confusion: readonly (readonly number[])[]
  readonly metrics: readonly { readonly name: string; readonly value: number | null }[]
  readonly constant: { readonly class: string; readonly mIoU: number }
  readonly images: readonly (ImageScores & { readonly mIoU: number; readonly overlay: string })[]
}

describe('a run from training to comparison', () => {
  it('trains, scores, predicts and compares, each step from what the one before wrote', async () => {
    const project = await tinyProject()
    const at = ['--project', project]
    writeExperiment(project, 'sgd', { extends: 'tiny', optimizer: { name: 'SGD', lr: 0.05, momentum: 0.9 } })

    const trained = await foldwise(['train', 'tiny', '--fold', '0', '--json', ...at])
    expect(trained.stderr).toBe('')
    expect(trained.code).toBe(0)
    const events = eventsIn(trained.stdout)
    expect(events).toEqual(eventsOf(project, 'tiny.f0.s0'))
    expect(events.at(0)).toMatchObject({ type: 'started', v: 1, fold: 0, seed: 0, images: { train: 18, valid: 6 } })
    expect(events.at(-1)).toMatchObject({ type: 'finished', epoch: 3 })
    const { steps, epochs } = numbersOf(events)
    expect([steps.length, epochs.length]).toEqual([18, 3])
    const losses = events.flatMap((event) => (event.type === 'epoch' ? [event.train.loss!] : []))
    expect(losses.at(-1)).toBeLessThan(losses[0])

    const result = runResultSchema.parse(
      JSON.parse(readFileSync(join(project, 'foldwise', 'results', 'tiny.f0.s0.json'), 'utf8')),
    )
    const overlays = join(project, 'overlays')
    const evaluated = await foldwise(['evaluate', 'tiny.f0.s0', '--overlays', overlays, '--metrics', 'iou_score,boundaryIoU,hausdorff95', '--reduction', 'micro', '--json', ...at]) // prettier-ignore
    const { scores, confusion, metrics, constant, images } = recordIn(evaluated.stdout, 'evaluation') as Evaluation
    expect(scores).toEqual(result.scores)
    expect(confusion).toEqual(result.confusion)
    expect(confusion.flat().reduce((sum, pixels) => sum + pixels, 0)).toBe(6 * 64 * 64)
    const correct = scores.pixelAccuracy!
    expect(metrics.map(({ name }) => name)).toEqual(['iou_score', 'boundaryIoU', 'hausdorff95'])
    expect(metrics[0].value).toBeCloseTo(correct / (2 - correct), 6)
    expect(constant.class).toBe('background')
    expect(images).toHaveLength(6)
    for (const image of images) {
      expect(image.mIoU).toBe(scoresOf(image).mIoU)
      expect(existsSync(image.overlay)).toBe(true)
    }

    const output = join(project, 'predicted')
    const predicted = await foldwise(['predict', 'tiny.f0.s0', '--input', join(project, 'images'), '--output', output, ...at]) // prettier-ignore
    expect(predicted.code).toBe(0)
    expect(readdirSync(output).sort()).toEqual(readdirSync(join(project, 'images')).sort())

    expect((await foldwise(['train', 'sgd', '--fold', '0', ...at])).code).toBe(0)
    const compared = await foldwise(['compare', 'sgd', '--baseline', 'tiny', ...at])
    expect(compared.code).toBe(0)
    expect(compared.stdout).toMatch(/^tiny +0\.\d{3} \(n=1\) +baseline$/m)
    expect(compared.stdout).toMatch(/^sgd +0\.\d{3} \(n=1\) +[+−]0\.\d{3} \(n=1\) +0: [+−]0\.\d{3}$/m)
    expect(compared.stdout).toContain('optimizer: Adam → SGD')
    expect(compared.stdout).toContain('lr: 0.001 → 0.05')
  })

  // Each brings something of its own to a step: dropout and dilation, four resolutions, dropped channels, attention.
  it.each([
    { arch: 'DeepLabV3Plus', encoder_name: 'resnet18', decoder_channels: 32, decoder_atrous_rates: [1, 2, 3] },
    { arch: 'HRNetV2', encoder_name: 'hrnet_w18_small' },
    { arch: 'PSPNet', encoder_name: 'resnet18', psp_out_channels: 32, deep_supervision: [0.4] },
    { arch: 'Segformer', encoder_name: 'mit_b0', decoder_segmentation_channels: 32 },
  ])('trains $arch', async (model) => {
    const project = await tinyProject()
    writeExperiment(project, 'other', { ...tiny, model })
    const at = ['--project', project]
    const { code, stdout, stderr } = await foldwise(['train', 'other', '--fold', '0', '--json', ...at])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const losses = eventsIn(stdout).flatMap((event) => (event.type === 'epoch' ? [event.train.loss!] : []))
    expect(losses).toHaveLength(3)
    expect(losses.at(-1)).toBeLessThan(losses[0])
    // Auxiliary heads are for training alone: what predicts has the keys of the library.
    const keysOf = (file: string): boolean =>
      [...decodeSafetensors(readFileSync(runFile(project, 'other.f0.s0', file))).tensors.keys()].some((key) =>
        key.startsWith('auxiliary.'),
      )
    expect([keysOf('checkpoints/best.safetensors'), keysOf('checkpoints/last.safetensors')]).toEqual([
      false,
      'deep_supervision' in model,
    ])
  })

  it('validates and predicts by sliding windows alike', async () => {
    const project = await tinyProject()
    const at = ['--project', project]
    writeExperiment(project, 'windowed', { extends: 'tiny', inference: { window: [32, 48] }, train: { epochs: 1 } })
    expect(await foldwise(['train', 'windowed', '--fold', '0', ...at])).toMatchObject({ code: 0 })
    const output = join(project, 'predicted')
    expect(await foldwise(['predict', 'windowed.f0.s0', '--input', join(project, 'images'), '--output', output, ...at])).toMatchObject({ code: 0 }) // prettier-ignore
    const validated = readdirSync(runFile(project, 'windowed.f0.s0', 'predictions'))
    expect(validated).toHaveLength(6)
    for (const name of validated) {
      const [ofRun, ofFolder] = [
        runFile(project, 'windowed.f0.s0', `predictions/${name}`),
        join(output, name.replace(/[.]png$/, '')),
      ].map((file) => decode(readFileSync(file)).data)
      expect(ofFolder).toEqual(ofRun)
    }
  })

  it('trains every fold with --fold all, and prints one line an epoch where there is no terminal', async () => {
    const project = await tinyProject()
    writeExperiment(project, 'tiny', { ...tiny, train: { epochs: 1 } })
    const { code, stdout, stderr } = await foldwise(['train', 'tiny', '--fold', 'all', '--seed', '7', '--project', project]) // prettier-ignore
    expect(code).toBe(0)
    expect(stdout.match(/^epoch 1\/1 /gm)).toHaveLength(4)
    expect(stdout).not.toContain('step')
    expect(stderr).toContain('run tiny.f3.s7: 18 training and 6 validation images')
    const { stdout: compared } = await foldwise(['compare', 'tiny', '--baseline', 'tiny', '--project', project])
    expect(compared).toMatch(/^tiny +0\.\d{3} ± 0\.\d{3} \(n=4\) +baseline$/m)
  })

  it('refuses to compare results of different splits', async () => {
    const project = await tinyProject()
    writeExperiment(project, 'tiny', { ...tiny, train: { epochs: 1 } })
    await foldwise(['train', 'tiny', '--fold', '0', '--project', project])
    const file = join(project, 'foldwise', 'project.jsonc')
    writeFileSync(file, readFileSync(file, 'utf8').replace('"n_splits": 4', '"n_splits": 2'))
    writeExperiment(project, 'other', { extends: 'tiny' })
    await foldwise(['train', 'other', '--fold', '0', '--project', project])
    const { code, stdout, stderr } = await foldwise(['compare', 'other', '--baseline', 'tiny', '--project', project])
    expect(stderr).toContain('different splits')
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  })
})

describe('the same seed', () => {
  it('gives bit-identical losses and weights; another seed gives others', async () => {
    const project = await tinyProject()
    const train = async (seed: string): Promise<void> => {
      const { code } = await foldwise(['train', 'tiny', '--fold', '0', '--seed', seed, '--project', project])
      expect(code).toBe(0)
    }
    await train('5')
    await train('5')
    await train('6')
    const numbers = (run: string): unknown => numbersOf(eventsOf(project, run))
    expect(numbers('tiny.f0.s5.2')).toEqual(numbers('tiny.f0.s5'))
    expect(numbers('tiny.f0.s6')).not.toEqual(numbers('tiny.f0.s5'))
    const weights = (run: string): Buffer => readFileSync(runFile(project, run, 'checkpoints/last.safetensors'))
    expect(weights('tiny.f0.s5.2').equals(weights('tiny.f0.s5'))).toBe(true)
  })
})

describe('debug', () => {
  it('passes where the experiment learns', async () => {
    const project = await tinyProject()
    const { code, stdout } = await foldwise(['debug', 'tiny', '--json', '--project', project])
    const checks = eventsIn(stdout).filter((event) => event.type === 'check')
    expect(checks.length).toBeGreaterThan(0)
    expect(checks.map(({ verdict }) => verdict)).not.toContain('fail')
    expect(code).toBe(0)
  })

  it('ends with code 4 where it cannot learn', async () => {
    const project = await tinyProject()
    writeExperiment(project, 'tiny', { ...tiny, optimizer: { name: 'Adam', lr: 1e-9 } })
    const { code, stdout } = await foldwise(['debug', 'tiny', '--project', project])
    expect(stdout).toMatch(/^fail /m)
    expect(code).toBe(4)
  })
})

describe('output that nobody reads', () => {
  it('does not end the training', async () => {
    const project = await tinyProject()
    const running = new Foldwise(['train', 'tiny', '--fold', '0', '--json', '--project', project])
    await running.event('started')
    running.process.stdout!.destroy()
    running.process.stderr!.destroy()
    expect((await running.ended).code).toBe(0)
    expect(eventsOf(project, 'tiny.f0.s0').at(-1)).toMatchObject({ type: 'finished' })
  })
})
