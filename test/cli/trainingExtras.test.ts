import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { decodeSafetensors } from '../../src/core/safetensors.ts'
import { Foldwise, eventsIn, foldwise } from './program.ts'
import { eventsOf, numbersOf, runFile, tiny, tinyProject, writeExperiment } from './project.ts'

const run = 'tiny.f0.s0'
const experiment = {
  ...tiny,
  data: { ...tiny.data, sampler: 'class_balanced' },
  train: { epochs: 3, freeze_encoder_epochs: 2 },
  inference: { tta: 'hflip', tta_scales: [1, 0.75] },
}

async function project(): Promise<string> {
  const folder = await tinyProject()
  writeExperiment(folder, 'tiny', experiment)
  return folder
}

function weightsOf(folder: string): Buffer {
  return readFileSync(runFile(folder, run, 'checkpoints/last.safetensors'))
}

describe('a run with a frozen encoder, a sampler and views in validation', () => {
  it('says what the sampler does, and is the same where it was killed while the encoder stood still', async () => {
    const [reference, interrupted] = [await project(), await project()]
    const trained = await foldwise(['train', 'tiny', '--fold', '0', '--json', '--project', reference])
    expect(trained.stderr).toBe('')
    const message = eventsIn(trained.stdout).flatMap((event) =>
      event.type === 'phase' && event.phase === 'data' ? [event.message] : [],
    )
    expect(message).toEqual([expect.stringContaining('sampler class_balanced: each image')])

    const first = new Foldwise(['train', 'tiny', '--fold', '0', '--json', '--project', interrupted])
    await first.event('step', ({ epoch }) => epoch === 2)
    first.process.kill('SIGKILL')
    await first.ended
    expect((await foldwise(['train', '--resume', run, '--json', '--project', interrupted])).code).toBe(0)
    expect(numbersOf(eventsOf(interrupted, run))).toEqual(numbersOf(eventsOf(reference, run)))
    expect(weightsOf(interrupted).equals(weightsOf(reference))).toBe(true)
    const { tensors } = decodeSafetensors(weightsOf(reference))
    expect(tensors.get('encoder.bn1.num_batches_tracked')!.data[0]).toBe(6n)
  })

  it('is scored and predicted with its views, or with others that are asked for', async () => {
    const reference = await project()
    writeExperiment(reference, 'tiny', { ...experiment, train: { epochs: 1 } })
    expect((await foldwise(['train', 'tiny', '--fold', '0', '--project', reference])).code).toBe(0)
    const evaluated = await foldwise(['evaluate', run, '--json', '--project', reference])
    const result = JSON.parse(readFileSync(join(reference, 'foldwise', 'results', `${run}.json`), 'utf8')) as {
      readonly scores: unknown
    }
    expect(JSON.parse(evaluated.stdout)).toMatchObject({ scores: result.scores })
    const at = ['--input', join(reference, 'images'), '--project', reference]
    for (const [folder, ...views] of [['own'], ['plain', '--tta', 'none', '--tta-scales', '1']])
      expect((await foldwise(['predict', run, ...at, '--output', join(reference, folder), ...views])).code).toBe(0)
    const bytes = (folder: string): string[] =>
      readdirSync(join(reference, folder)).map((name) => readFileSync(join(reference, folder, name), 'base64'))
    expect(bytes('own')).not.toEqual(bytes('plain'))
  })
})
