import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { messageWithPlace, UserError } from '../../core/errors.ts'
import type { EncoderDefinition } from '../../model/encoders/encoder.ts'
import { encoders } from '../../model/encoders/registry.ts'
import { importEncoder, type ImportedWeights } from '../encoderImport.ts'
import { outputOf } from '../globalOptions.ts'
import type { Output } from '../output/output.ts'
import { showWeights } from '../weights/weightsTable.ts'

interface EncodersOptions {
  readonly import?: string
  readonly download?: boolean
  readonly weights?: string
  readonly mirror?: string
}

/** `foldwise encoders [NAME] [--download | --import FILE|FOLDER]`. */
export function addEncoders(program: Command): void {
  program
    .command('encoders')
    .summary('encoders, their pretrained weights, and getting those')
    .description(
      'Lists encoders and their pretrained weights, with size and licence; downloads weights, or takes over files of them.',
    )
    .argument('[NAME]', 'one encoder')
    .option('--download', 'download weights from the model hub; one that was interrupted goes on where it was')
    .option(
      '--import <PATH>',
      'take over a file of weights (safetensors, .pth, .pt) or a folder of them, where they fit',
    )
    .option('--weights <W>', 'which weights, where the encoder has several')
    .option('--mirror <URL>', 'with --download: address of the hub (default: HF_ENDPOINT, else https://huggingface.co)')
    .addHelpText('after', '\nNothing is downloaded unless you ask. Licences are those of the weights, not of Foldwise.')
    .action(run)
}

async function run(name: string | undefined, options: EncodersOptions, command: Command): Promise<void> {
  const output = outputOf(command)
  const chosen = name === undefined ? encoders.all : [encoders.get(name)]
  checkUsage(name, options)
  if (options.download === true) {
    // The hub's library is the largest one of the program: loaded by those who need it.
    const { download } = await import('../weights/download.ts')
    await download(chosen[0], options, output)
  } else if (options.import === undefined) showWeights(chosen, output)
  else if (statSync(options.import, { throwIfNoEntry: false })?.isDirectory() === true)
    await takeFolder(chosen, resolve(options.import), output)
  else if (name === undefined)
    throw new UserError('which encoder do these weights belong to?', {
      file: options.import,
      hint: 'foldwise encoders NAME --import FILE',
      code: 'usage',
    })
  else showImported(await importEncoder(chosen[0], resolve(options.import), options.weights), output)
}

function checkUsage(name: string | undefined, { download, import: path }: EncodersOptions): void {
  if (download !== true) return
  if (name !== undefined && path === undefined) return
  throw new UserError(
    name === undefined ? 'the weights of which encoder?' : 'weights are either downloaded or imported',
    { hint: 'foldwise encoders NAME --download', code: 'usage' },
  )
}

async function takeFolder(chosen: readonly EncoderDefinition[], folder: string, output: Output): Promise<void> {
  const { importFolder } = await import('../weights/importFolder.ts')
  const refused: UserError[] = []
  let imported = 0
  for await (const each of importFolder(folder, chosen)) {
    if (each.type === 'imported') {
      imported++
      showImported(each.entry, output)
    } else {
      refused.push(each.reason)
      output.message(`left out: ${messageWithPlace(each.reason)}`)
    }
  }
  if (imported === 0) throw refused[0]
}

function showImported({ isKnown, ...entry }: ImportedWeights, output: Output): void {
  const text = [
    `Imported "${entry.weights}" of ${entry.encoder}: its tensors fit.`,
    `  SHA-256 ${entry.sha256} (${isKnown ? 'a known file' : 'not a file that is known: make sure you trust it'})`,
  ]
  output.result({ type: 'imported', ...entry, isKnown }, text.join('\n'))
}
