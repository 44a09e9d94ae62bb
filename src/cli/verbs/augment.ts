import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { ImportedAugment } from '../../augment/import/convert.ts'
import { importAlbumentations } from '../../augment/import/importAlbumentations.ts'
import { UserError } from '../../core/errors.ts'
import { labelsPng } from '../../data/overlay.ts'
import { readError } from '../../runs/diskErrors.ts'
import { createExperiment, experimentPath } from '../../runs/experiments.ts'
import { editJsonc } from '../../runs/jsoncEdit.ts'
import { readProject } from '../../runs/project.ts'
import type { Workspace } from '../../runs/workspace.ts'
import { trainingLoader } from '../../train/loop.ts'
import { planRun } from '../../train/runPlan.ts'
import { wholeNumber } from '../arguments.ts'
import { pictureOf, writePng } from '../batchPictures.ts'
import { outputOf, workspaceOf } from '../globalOptions.ts'
import type { Output } from '../output/output.ts'

interface AugmentOptions {
  readonly count: number
  readonly output?: string
  readonly fold: number
  readonly seed?: number
  readonly import?: string
}

/** `foldwise augment [NAME] --count N --output DIR`, `foldwise augment [NAME] --import FILE`. */
export function addAugment(program: Command): void {
  program
    .command('augment')
    .summary('see what augmentation makes of images, or import a pipeline of Albumentations')
    .description(
      'Writes training images as the network would see them, augmented and mixed, each beside its mask; or turns a pipeline of Albumentations into the "augment" of an experiment.',
    )
    .argument('[NAME]', 'experiment: the name of a file in foldwise/experiments (default: the baseline)')
    .option('--count <N>', 'number of pictures', wholeNumber(1), 16)
    .option('--output <DIR>', 'folder for the pictures (PNG), made if missing')
    .option('--fold <K>', 'number of the fold whose training images are taken', wholeNumber(0), 0)
    .option('--seed <S>', "seed (default: the experiment's)", wholeNumber(0))
    .option(
      '--import <FILE>',
      'file of A.save (JSON, YAML) or Python text with A.Compose([...]): shown, or written into NAME',
    )
    .action(augment)
}

async function augment(name: string | undefined, options: AugmentOptions, command: Command): Promise<void> {
  const output = outputOf(command)
  if (options.import !== undefined) return importInto(name, options.import, output, command)
  if (options.output === undefined)
    throw new UserError('augment needs a folder for its pictures.', {
      hint: 'Add --output DIR; or --import FILE to read a pipeline of Albumentations.',
      code: 'no-output',
    })
  const workspace = workspaceOf(command)
  const experiment = name ?? readProject(workspace).project.baseline
  await writeSamples(workspace, experiment, { ...options, output: options.output }, output)
}

async function writeSamples(
  workspace: Workspace,
  experiment: string,
  {
    count,
    output: folder,
    fold,
    seed = null,
  }: Omit<AugmentOptions, 'seed'> & { readonly output: string; readonly seed?: number | null },
  output: Output,
): Promise<void> {
  const plan = await planRun(workspace, experiment, fold, seed)
  output.warnings(plan.warnings)
  const loader = trainingLoader(plan)
  const digits = String(count).length
  try {
    let written = 0
    for (let epoch = 1; written < count; epoch++)
      for await (const batch of loader.train(epoch)) {
        for (const [index, image] of batch.names.entries()) {
          if (written === count) break
          const prefix = `${String(++written).padStart(digits, '0')}-`
          const file = await writePng(resolve(folder), image, labelsPng(pictureOf(batch, index, plan)), prefix)
          const record = { type: 'augmented', image, file, epoch, index: written, total: count }
          output.result(record, `${image} → ${file}`)
        }
        if (written === count) break
      }
  } finally {
    await loader.dispose()
  }
}

async function importInto(name: string | undefined, file: string, output: Output, command: Command): Promise<void> {
  const { augment: list, notes } = readPipeline(file)
  const written = name === undefined ? undefined : await writeInto(workspaceOf(command), name, list)
  for (const { kind, line, text } of notes) output.message(`${file}:${line}: ${kind}: ${text}`)
  const json = JSON.stringify({ augment: list }, null, 2)
  const text = written === undefined ? json : `${list.length} transforms → ${written}`
  output.result({ type: 'import', augment: list, notes, file: written ?? null }, text)
}

/** @throws UserError with file and line */
function readPipeline(file: string): ImportedAugment {
  try {
    return importAlbumentations(readFileSync(file, 'utf8'))
  } catch (error) {
    if (error instanceof UserError) throw new UserError(error.message, { ...error.details, file })
    throw readError(error, file)
  }
}

/** Sets the list of an experiment, whose file otherwise stays as it is, or makes one. @returns its path */
async function writeInto(workspace: Workspace, name: string, list: ImportedAugment['augment']): Promise<string> {
  const path = experimentPath(workspace, name)
  if (!existsSync(path)) {
    const { baseline } = readProject(workspace).project
    return createExperiment(workspace, name, { extends: baseline, augment: [...list] })
  }
  await editJsonc(path, ['augment'], list)
  return path
}
