import { existsSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { Option, type Command } from 'commander'
import { datasetFormatNames, type DatasetFormatName } from '../../core/datasetFormats.ts'
import { UserError } from '../../core/errors.ts'
import type { ExperimentFile } from '../../core/experimentFile.ts'
import { inspectFolder, type Inspection } from '../../data/inspect/inspect.ts'
import { listWeights } from '../../runs/weightCache.ts'
import { formatJsonc } from '../../runs/jsoncFormat.ts'
import { outputOf } from '../globalOptions.ts'
import { createProjectFiles } from '../newProject.ts'

interface InitOptions {
  readonly images?: string
  readonly masks?: string
  readonly format: DatasetFormatName | 'auto'
  readonly yes?: boolean
}

/** `foldwise init [DIR] [--images … --masks …] [--format NAME] [--yes]`. */
export function addInit(program: Command): void {
  program
    .command('init')
    .summary('make a project over a data set')
    .description('Looks at a folder, says what it recognised and how, and writes a project and a baseline experiment.')
    .argument('[DIR]', 'folder that holds the data set', '.')
    .option('--images <DIR>', 'folder of the images, inside DIR')
    .option('--masks <DIR>', 'folder of the masks, or file of annotations, inside DIR')
    .addOption(
      new Option('--format <NAME>', 'format of the data set').choices(['auto', ...datasetFormatNames]).default('auto'),
    )
    .option('--yes', 'write without asking')
    .action(init)
}

async function init(directory: string, options: InitOptions, command: Command): Promise<void> {
  const output = outputOf(command)
  const root = resolve(directory)
  checkNoProject(root)
  const images = insideOf(root, options.images)
  const inspection = await inspectFolder({
    root,
    images,
    masks: insideOf(root, options.masks),
    format: options.format === 'auto' ? undefined : options.format,
  })
  const { proposal, sentences } = inspection
  const baseline = baselineFor(inspection)
  const text = [...sentences, '', formatJsonc(proposal).trimEnd()].join('\n')
  output.result({ type: 'proposal', root, ...proposal, sentences, baseline }, text)
  if (options.yes !== true && !(await isAgreed())) {
    output.message('Nothing was written. With --yes it is.')
    return
  }
  await createProjectFiles(root, proposal, baseline)
  const files = ['foldwise/project.jsonc', 'foldwise/experiments/baseline.jsonc']
  output.result({ type: 'created', root, files }, `\nWritten: ${files.join(', ')}\nNext: foldwise debug baseline`)
}

/** Before a long look at the images, not after. */
function checkNoProject(root: string): void {
  const file = join(root, 'foldwise', 'project.jsonc')
  if (!existsSync(file)) return
  throw new UserError('there is a project in this folder already', { file, hint: 'Edit this file.', code: 'exists' })
}

/** A folder as the project file names it. People complete it from where they are, so both places are tried. */
function insideOf(root: string, folder: string | undefined): string | undefined {
  if (folder === undefined) return undefined
  const ways = [relative(root, resolve(root, folder)), relative(root, resolve(folder))]
  const way = ways.find((each) => each !== '..' && !each.startsWith(`..${sep}`) && each !== resolve(each))
  if (way !== undefined) return way === '' ? '.' : way.split(sep).join('/')
  throw new UserError('this folder is not inside the project', {
    file: folder,
    allowed: `folders inside ${root}`,
    hint: 'Make the project in a folder above both: foldwise init DIR',
    code: 'outside-workspace',
  })
}

const longestSide = 512
/** Every encoder halves the image five times. */
const sideMultiple = 32

/** A common first experiment at about the images' own proportions; pretrained weights where they are on this machine. */
function baselineFor({ sizes }: Inspection): ExperimentFile {
  const encoder = 'efficientnet-b0'
  const hasWeights = listWeights().some(({ encoder: name, weights }) => name === encoder && weights === 'imagenet')
  const { height, width } = sizes[0]
  const scale = Math.min(1, longestSide / Math.max(height, width))
  const side = (pixels: number): number =>
    Math.max(sideMultiple, Math.round((pixels * scale) / sideMultiple) * sideMultiple)
  return {
    hypothesis: 'A common recipe: what the following experiments have to beat.',
    model: { arch: 'Unet', encoder_name: encoder, encoder_weights: hasWeights ? 'imagenet' : null },
    loss: [{ name: 'CrossEntropyLoss' }, { name: 'DiceLoss' }],
    optimizer: { name: 'AdamW', lr: 0.001, weight_decay: 0.0001 },
    scheduler: { name: 'CosineAnnealingLR' },
    augment: [
      { name: 'HorizontalFlip', p: 0.5 },
      { name: 'RandomBrightnessContrast', p: 0.5 },
    ],
    data: { image_size: [side(height), side(width)], batch_size: 8 },
    train: { epochs: 30 },
  }
}

/** Asks once where there is a person to ask. */
async function isAgreed(): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return false
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  try {
    const answer = await terminal.question('Write this project and a baseline experiment? [Y/n] ')
    return /^(y|yes|)$/i.test(answer.trim())
  } finally {
    terminal.close()
  }
}
