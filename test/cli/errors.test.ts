import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { encode } from 'fast-png'
import { describe, expect, it } from 'vitest'
import { eventsIn, foldwise } from './program.ts'
import { experimentFile, tiny, tinyProject, writeExperiment } from './project.ts'

function writeMask(project: string, height: number, width: number, value: number): string {
  const [name] = readdirSync(join(project, 'masks')).sort()
  const data = new Uint8Array(height * width).fill(value)
  writeFileSync(join(project, 'masks', name), encode({ height, width, data, depth: 8, channels: 1 }))
  return name
}

interface Mistake {
  readonly title: string
  readonly make: (project: string) => void
  /** What the message must say. */
  readonly says: readonly (string | RegExp)[]
}

const mistakes: readonly Mistake[] = [
  {
    title: 'broken JSONC, with file and line',
    make: (project) => {
      writeExperiment(project, 'tiny', '{\n  "train": { "epochs": 1 }\n  "data": {}\n}\n')
    },
    says: [/tiny\.jsonc:3: a comma is missing/],
  },
  {
    title: 'an experiment that does not exist',
    make: (project) => {
      rmSync(experimentFile(project, 'tiny'))
    },
    says: ['There is no experiment "tiny".'],
  },
  {
    title: 'an unknown encoder, with its line and what was meant',
    make: (project) => {
      writeExperiment(project, 'tiny', '{\n  "model": {\n    "encoder_name": "resnet81"\n  }\n}\n')
    },
    says: [/tiny\.jsonc:3: /, 'resnet81', 'Did you mean "resnet18"?'],
  },
  {
    title: 'a precision that does not exist, with those that do',
    make: (project) => {
      writeExperiment(project, 'tiny', { ...tiny, train: { ...tiny.train, precision: 'fp8' } })
    },
    says: [/tiny\.jsonc:\d+: /, 'fp8', 'fp32', 'fp16', 'bf16'],
  },
  {
    title: 'a precision from which the processor gains nothing, with why and what to do',
    make: (project) => {
      writeExperiment(project, 'tiny', { ...tiny, train: { ...tiny.train, precision: 'fp16' } })
    },
    says: ['train.precision "fp16"', 'no half-precision kernels', 'Set train.precision to "fp32"'],
  },
  {
    title: 'an encoder that is used whole only, with the depth that is left',
    make: (project) => {
      const model =
        '{\n  "model": {\n    "arch": "PSPNet",\n    "encoder_name": "mit_b0",\n    "encoder_depth": 3\n  }\n}\n'
      writeExperiment(project, 'tiny', model)
    },
    says: [/tiny\.jsonc:5: /, 'Encoder "mit_b0" is used with all of its stages only.', 'encoder_depth 5'],
  },
  {
    title: 'weights that do not exist for the encoder, with those that do',
    make: (project) => {
      writeExperiment(project, 'tiny', { ...tiny, model: { ...tiny.model, encoder_weights: 'noisy-student' } })
    },
    says: [/tiny\.jsonc:\d+: /, 'noisy-student', 'resnet18', 'imagenet'],
  },
  {
    title: 'weights that exist but are not on this machine, with how to get them',
    make: (project) => {
      writeExperiment(project, 'tiny', { ...tiny, model: { ...tiny.model, encoder_weights: 'imagenet' } })
    },
    says: ['not on this machine', 'foldwise encoders resnet18 --download --weights imagenet', '45 MB', 'BSD-3-Clause'],
  },
  {
    title: "another library's word for an argument, with ours",
    make: (project) => {
      writeExperiment(project, 'tiny', '{\n  "optimizer": { "learning_rate": 0.1 }\n}\n')
    },
    says: [/tiny\.jsonc:2: /, 'Did you mean "lr"?'],
  },
  {
    title: 'one image per batch under DeepLabV3',
    make: (project) => {
      const model = { arch: 'DeepLabV3', encoder_name: 'resnet18' }
      writeExperiment(project, 'tiny', { model, data: { image_size: [64, 64], batch_size: 1 } })
    },
    says: ['one value per channel', 'larger batch_size'],
  },
  {
    title: 'images that are too small for PAN',
    make: (project) => {
      writeExperiment(project, 'tiny', {
        model: { arch: 'PAN', encoder_name: 'resnet18' },
        data: { image_size: [96, 96] },
      })
    },
    says: ['too small for PAN', '128'],
  },
  {
    title: 'a window that the decoder cannot halve, with one that it can',
    make: (project) => {
      const model = { arch: 'FPN', encoder_name: 'resnet18' }
      writeExperiment(project, 'tiny', { model, data: { image_size: null }, inference: { window: [48, 64] } })
    },
    says: ['In validation: FPN takes images whose sides are multiples of 32', 'inference.window to [64, 64]'],
  },
  {
    title: 'an image without a mask',
    make: (project) => {
      rmSync(join(project, 'masks', readdirSync(join(project, 'masks'))[0]))
    },
    says: ['1 image has no mask', /scene\d+_\d+\.png/],
  },
  {
    title: 'a mask with an id of no class, with how many pixels and where',
    make: (project) => {
      writeMask(project, 64, 64, 9)
    },
    says: ['9 (4096 pixels)', 'column 0, row 0'],
  },
  {
    title: 'a mask of another size than its image',
    make: (project) => {
      writeMask(project, 64, 32, 0)
    },
    says: ['32x64', '64x64'],
  },
  {
    title: 'an image that is cut short',
    make: (project) => {
      const file = join(project, 'images', readdirSync(join(project, 'images')).sort()[0])
      truncateSync(file, Math.floor(readFileSync(file).length / 2))
    },
    says: [/images\/scene00_0000\.png/],
  },
]

describe('training says what is wrong, where, and ends with code 2', () => {
  // Fold 1 trains on the scene whose first picture is tampered with.
  it.each(mistakes)('$title', async ({ make, says }) => {
    const project = await tinyProject()
    make(project)
    const { code, stderr } = await foldwise(['train', 'tiny', '--fold', '1', '--project', project])
    for (const words of says) expect(stderr).toMatch(words)
    expect(stderr).not.toContain('    at ')
    expect(code).toBe(2)
  })

  it('a fold that does not exist, with those that do', async () => {
    const project = await tinyProject()
    const { code, stderr } = await foldwise(['train', 'tiny', '--fold', '4', '--project', project])
    expect(stderr).toContain('0 … 3')
    expect(code).toBe(2)
  })

  it('with --json also as one event', async () => {
    const project = await tinyProject()
    writeExperiment(project, 'tiny', '{ "train": { "epochs": 0 } }')
    const { code, stdout, stderr } = await foldwise(['train', 'tiny', '--fold', '0', '--project', project, '--json'])
    expect(eventsIn(stdout)).toMatchObject([{ type: 'failed', code: 'invalid-value' }])
    expect(stdout.trim().split('\n')).toHaveLength(1)
    expect(stderr).toContain('train.epochs')
    expect(code).toBe(2)
  })

  it('a mistake that is found while training is told once', async () => {
    const project = await tinyProject()
    writeMask(project, 64, 64, 9)
    const { code, stdout } = await foldwise(['train', 'tiny', '--fold', '1', '--project', project, '--json'])
    expect(eventsIn(stdout).filter(({ type }) => type === 'failed')).toMatchObject([{ code: 'undeclared-class' }])
    expect(code).toBe(2)
  })

  it('a loss that is no number ends the run, with step and likely cause, before it spoils a checkpoint', async () => {
    const project = await tinyProject()
    writeExperiment(project, 'tiny', { ...tiny, optimizer: { name: 'SGD', lr: 1e25 } })
    const { code, stdout, stderr } = await foldwise(['train', 'tiny', '--fold', '0', '--project', project, '--json'])
    const events = eventsIn(stdout)
    expect(events.filter(({ type }) => type === 'failed')).toMatchObject([{ code: 'nan-loss' }])
    expect(stderr).toMatch(/The loss became (NaN|Infinity) at step \d+ \(epoch 1\)/)
    expect(stderr).toContain('learning rate')
    expect(events.some(({ type }) => type === 'checkpoint')).toBe(false)
    expect(code).toBe(1)
  })

  it('--verbose adds where it happened', async () => {
    const project = await tinyProject()
    const { stderr } = await foldwise(['train', 'none', '--fold', '0', '--project', project, '--verbose'])
    expect(stderr).toContain('    at ')
  })
})

describe('other verbs', () => {
  it('a run that does not exist is told with those that do', async () => {
    const project = await tinyProject()
    const { code, stderr } = await foldwise(['evaluate', 'tiny.f0.s0', '--project', project])
    expect(stderr).toContain('there is no such run')
    expect(code).toBe(2)
  })

  it('an experiment without results cannot be compared', async () => {
    const project = await tinyProject()
    const { code, stderr } = await foldwise(['compare', 'tiny', '--baseline', 'baseline', '--project', project])
    expect(stderr).toContain('has no results yet')
    expect(code).toBe(2)
  })

  it('a misspelt experiment is compared with nothing, but with a suggestion', async () => {
    const project = await tinyProject()
    const { stderr } = await foldwise(['compare', 'tini', '--project', project])
    expect(stderr).toContain('Did you mean "tiny"?')
  })
})
