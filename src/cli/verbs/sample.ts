import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { UserError } from '../../core/errors.ts'
import type { ExperimentFile } from '../../core/experimentFile.ts'
import { writeSampleDataset } from '../../data/sample/sampleDataset.ts'
import { writeError } from '../../runs/diskErrors.ts'
import { wholeNumber } from '../arguments.ts'
import { outputOf } from '../globalOptions.ts'
import { createProjectFiles } from '../newProject.ts'

interface SampleOptions {
  readonly count: number
  readonly size: number
  readonly seed: number
}

/** `foldwise sample DIR`. */
export function addSample(program: Command): void {
  program
    .command('sample')
    .summary('make a small synthetic data set with a project')
    .description('Makes a data set of textured shapes, a project over it and a baseline that learns it in minutes.')
    .argument('<DIR>', 'new or empty folder')
    .option('--count <N>', 'number of images', wholeNumber(12), 60)
    .option('--size <PIXELS>', 'height and width of the images', wholeNumber(32), 160)
    .option('--seed <S>', 'another seed gives other images', wholeNumber(0), 0)
    .action(sample)
}

/** Learns from random weights within minutes on two cores: a light encoder, whose BatchNorm follows quickly. */
const baseline: ExperimentFile = {
  hypothesis: 'A small EfficientNet U-Net from random weights can tell the shapes by their texture.',
  model: { arch: 'Unet', encoder_name: 'tu-tf_efficientnet_lite0' },
  loss: [{ name: 'CrossEntropyLoss' }, { name: 'DiceLoss' }],
  optimizer: { name: 'Adam', lr: 0.002 },
  scheduler: { name: 'CosineAnnealingLR' },
  augment: [
    { name: 'HorizontalFlip', p: 0.5 },
    { name: 'VerticalFlip', p: 0.5 },
    { name: 'RandomRotate90', p: 0.5 },
  ],
  data: { image_size: null, batch_size: 4 },
  train: { epochs: 20 },
}

async function sample(directory: string, { count, size, seed }: SampleOptions, command: Command): Promise<void> {
  const output = outputOf(command)
  const folder = resolve(directory)
  makeEmptyFolder(folder)
  const { dataset, groupPattern, names } = await writeSampleDataset(folder, { count, size, seed })
  // Pictures of one scene look alike: a random split would let the network see its validation images.
  const split = { method: 'GroupKFold', n_splits: Math.min(5, Math.ceil(count / 6)), group: { pattern: groupPattern } }
  await createProjectFiles(folder, { dataset, split }, baseline)
  const text = [
    `${names.length} images with masks and a project in ${directory}.`,
    `Next: foldwise train baseline --fold 0 --project ${directory}`,
  ]
  output.result({ type: 'sample', folder, images: names.length, project: join(folder, 'foldwise') }, text.join('\n'))
}

function makeEmptyFolder(folder: string): void {
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new UserError('this folder is not empty', {
      file: folder,
      hint: 'Name a new folder for the sample data set.',
      code: 'folder-not-empty',
    })
  }
  try {
    mkdirSync(folder, { recursive: true })
  } catch (error) {
    throw writeError(error, folder)
  }
}
