import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { encodeSafetensors } from '../../src/core/safetensors.ts'
import { foldwise, type Ended } from '../cli/program.ts'
import { runFile, temporaryFolder, tinyProject } from '../cli/project.ts'
import { libraryTensors } from '../cli/weights/encoderFiles.ts'

const python = process.env['FOLDWISE_PYTHON']
const run = 'tiny.f0.s0'
/** Two float32 networks agree to some 1e-5 of their logits: beyond this no pixel may be of another class. */
const largestTie = 1e-3

async function trained(): Promise<string> {
  const project = await tinyProject()
  const { code, stderr } = await foldwise(['train', 'tiny', '--fold', '0', '--project', project])
  if (code !== 0) throw new Error(stderr)
  return project
}

async function predict(project: string, output: string, checkpoint?: string): Promise<Ended> {
  const own = checkpoint === undefined ? [] : ['--checkpoint', checkpoint]
  const folders = ['--input', join(project, 'images'), '--output', output, '--project', project]
  return foldwise(['predict', run, ...folders, ...own])
}

function exchange(...args: readonly string[]): string {
  return execFileSync(python!, [join('scripts', 'checkpoints', 'exchange.py'), ...args], { encoding: 'utf8' })
}

interface Judgement {
  readonly pixels: number
  readonly different: number
  readonly margin: number
}

/** How far the label maps in `predictions` are from what SMP predicts with the checkpoint. */
function judge(project: string, checkpoint: string, predictions: string): Judgement {
  return JSON.parse(exchange('judge', runFile(project, run, ''), checkpoint, join(project, 'images'), predictions)) as Judgement // prettier-ignore
}

describe.skipIf(python === undefined)(
  `checkpoints and segmentation_models_pytorch${python === undefined ? ' (skipped: FOLDWISE_PYTHON names no Python with it)' : ''}`,
  () => {
    it('ours loads strictly there and predicts the same', { timeout: 300_000 }, async () => {
      const project = await trained()
      const output = temporaryFolder()
      expect(await predict(project, output)).toMatchObject({ code: 0 })
      const { pixels, margin } = judge(project, runFile(project, run, 'checkpoints/best.safetensors'), output)
      expect(pixels).toBeGreaterThan(0)
      expect(margin).toBeLessThan(largestTie)
    })

    it('theirs loads here, however it was saved, and predicts the same', { timeout: 300_000 }, async () => {
      const [project, folder] = [await trained(), temporaryFolder()]
      exchange('make', runFile(project, run, ''), folder)
      const reference = join(folder, 'smp.safetensors')
      for (const name of ['smp.safetensors', 'smp.pth', 'smp.legacy.pth', 'trainer.pth']) {
        const output = temporaryFolder()
        expect(await predict(project, output, join(folder, name))).toMatchObject({ code: 0 })
        const { pixels, margin } = judge(project, reference, output)
        expect(pixels).toBeGreaterThan(0)
        expect(margin).toBeLessThan(largestTie)
      }
      const whole = await predict(project, temporaryFolder(), join(folder, 'whole-model.pth'))
      expect(whole.code).toBe(2)
      expect(whole.stderr).toContain('segmentation_models_pytorch.decoders.unet.model.Unet')
    })
  },
)

describe('a checkpoint that does not fit', () => {
  it('is refused as a whole: torn, of another network, or absent', async () => {
    const [project, folder] = [await trained(), temporaryFolder()]
    const best = readFileSync(runFile(project, run, 'checkpoints/best.safetensors'))
    const file = join(folder, 'weights.safetensors')
    const refused = async (): Promise<string> => {
      const { code, stdout, stderr } = await predict(project, join(folder, 'output'), file)
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      expect(stderr).toContain(file)
      return stderr
    }
    expect(await refused()).toContain('does not exist')
    writeFileSync(file, best.subarray(0, best.length - 1))
    expect(await refused()).toContain('Not a whole safetensors file')
    writeFileSync(file, encodeSafetensors(libraryTensors('resnet18')))
    const stderr = await refused()
    expect(stderr).toContain('missing')
    expect(stderr).toContain('unexpected')
    writeFileSync(file, best)
    expect(await predict(project, join(folder, 'output'), file)).toMatchObject({ code: 0 })
  })

  it('stands in for one run alone', async () => {
    const { code, stderr } = await foldwise(['predict', 'a', 'b', '--checkpoint', 'x', '--input', '.', '--output', 'o'])
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('one run') as unknown })
  })
})
