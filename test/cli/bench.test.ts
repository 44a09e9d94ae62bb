import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { foldwise, recordIn } from './program.ts'
import { tiny, tinyProject, writeExperiment } from './project.ts'

interface BenchRecord {
  readonly batch: { readonly images: number; readonly height: number; readonly width: number }
  readonly gradientMs: number
  readonly updateMs: number
  readonly dataWaitMs: number
  readonly imagesPerSecond: number
  readonly validationMsPerImage: number
  readonly startMs: number
  readonly peakBytes: number
  readonly epochMs: number
  readonly foldMs: number
  readonly allFoldsMs: number
}

describe('bench', () => {
  it('takes steps and foretells the folds from them; writes nothing', async () => {
    const project = await tinyProject()
    const { stdout, code } = await foldwise(['bench', 'tiny', '--steps', '3', '--json', '--project', project])
    expect(code).toBe(0)
    const found = recordIn(stdout, 'bench') as BenchRecord
    expect(found.batch).toEqual({ images: 3, height: 64, width: 64 })
    // 18 images train in 6 steps, 6 validate.
    const training = 6 * (found.gradientMs + found.updateMs + found.dataWaitMs)
    expect(found.epochMs).toBeCloseTo(training + 6 * found.validationMsPerImage)
    expect(found.imagesPerSecond).toBeCloseTo(18_000 / training)
    expect(found.foldMs).toBeCloseTo(found.startMs + tiny.train.epochs * found.epochMs)
    expect(found.allFoldsMs).toBeCloseTo(4 * found.foldMs)
    expect(found.peakBytes).toBeGreaterThan(50 * 2 ** 20)
    expect(existsSync(join(project, 'foldwise/runs'))).toBe(false)
  })

  it('counts one update for several accumulated batches', async () => {
    const project = await tinyProject()
    writeExperiment(project, 'tiny', { ...tiny, data: { ...tiny.data, accumulate_grad_batches: 4 } })
    const { stdout } = await foldwise(['bench', 'tiny', '--steps', '2', '--json', '--project', project])
    const found = recordIn(stdout, 'bench') as BenchRecord
    const training = 6 * (found.gradientMs + found.dataWaitMs) + 2 * found.updateMs
    expect(found.epochMs).toBeCloseTo(training + 6 * found.validationMsPerImage)
  })

  it('says it in words', async () => {
    const project = await tinyProject()
    const { stdout } = await foldwise(['bench', 'tiny', '--steps', '1', '--project', project])
    expect(stdout).toMatch(/^step +\d.* for 3 images of 64 × 64/m)
    expect(stdout).toMatch(/^One fold of 3 epochs: about \d+ s\.$/m)
    expect(stdout).toMatch(/^All 4 folds: about /m)
  })

  it('takes the baseline where no experiment is named, and says on the way what it does', async () => {
    const project = await tinyProject()
    const { stdout, stderr } = await foldwise(['bench', '--steps', '1', '--project', project])
    expect(stdout).toMatch(/^baseline, fold 0$/m)
    expect(stderr).toMatch(/compiling …\ntraining for 4 steps …\nvalidating on 6 images …/)
  })
})

describe('bench --all-devices', () => {
  it('measures everything that devices finds ready, each in a process of its own', async () => {
    const project = await tinyProject()
    const devices = await foldwise(['devices', '--json'])
    const ready = records(devices.stdout).filter(({ state }) => state === 'ready')
    const words = ['bench', 'tiny', '--all-devices', '--steps', '1', '--threads', '1', '--project', project]
    const { stdout, stderr, code } = await foldwise([...words, '--json'])
    expect(code).toBe(0)
    const found = records(stdout).filter(({ type }) => type === 'bench')
    expect(found.map(({ lowering }) => lowering).toSorted()).toEqual(ready.map(({ lowering }) => lowering).toSorted())
    expect(found.map(({ threads }) => threads)).toEqual(found.map(() => 1))
    expect(stderr).toContain('measuring --engine plain on CPU')
    const text = (await foldwise(words)).stdout
    expect(text).toMatch(/^tiny, fold 0; forecast of 3 epochs, 4 folds one after another$/m)
    expect(text.match(/^CPU .* onnx\/plain .* MiB /gm)).toHaveLength(1)
  })

  it('fails where no device can take a step, with what each of them said', async () => {
    const project = await tinyProject()
    writeExperiment(project, 'wide', { ...tiny, model: { ...tiny.model, encoder_weights: 'imagenet' } })
    const { code, stdout, stderr } = await foldwise(['bench', 'wide', '--all-devices', '--project', project])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/--engine plain on CPU.*: .*resnet18/)
  })

  it('is refused beside --engine, which it would contradict', async () => {
    const project = await tinyProject()
    const { code, stderr } = await foldwise([
      'bench',
      'tiny',
      '--all-devices',
      '--engine',
      'plain',
      '--project',
      project,
    ])
    expect(code).toBe(2)
    expect(stderr).toContain("'--all-devices' cannot be used with option '--engine <NAME>'")
  })
})

function records(stdout: string): readonly Readonly<Record<string, unknown>>[] {
  const lines = stdout.trim().split('\n')
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>)
}
