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
})
