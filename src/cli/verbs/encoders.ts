import { resolve } from 'node:path'
import type { Command } from 'commander'
import { UserError } from '../../core/errors.ts'
import type { EncoderDefinition } from '../../model/encoders/encoder.ts'
import { encoders } from '../../model/encoders/registry.ts'
import { listWeights } from '../../runs/weightCache.ts'
import { importEncoder } from '../encoderImport.ts'
import { outputOf } from '../globalOptions.ts'
import type { Output } from '../output/output.ts'
import { table } from '../output/table.ts'

interface EncodersOptions {
  readonly import?: string
  readonly weights?: string
}

/** `foldwise encoders [NAME] [--import FILE]`. */
export function addEncoders(program: Command): void {
  program
    .command('encoders')
    .summary('encoders, their pretrained weights, and importing those')
    .description(
      'Lists encoders and their pretrained weights; puts a downloaded file of weights where training finds it.',
    )
    .argument('[NAME]', 'one encoder')
    .option('--import <FILE>', 'take over a safetensors file of weights, after checking that it fits')
    .option('--weights <NAME>', 'with --import: which weights it holds, where the encoder has several')
    .action(showOrImport)
}

async function showOrImport(name: string | undefined, options: EncodersOptions, command: Command): Promise<void> {
  const output = outputOf(command)
  const chosen = name === undefined ? encoders.all : [encoders.get(name)]
  if (options.import === undefined) {
    show(chosen, output)
    return
  }
  if (name === undefined) {
    throw new UserError('which encoder do these weights belong to?', {
      file: options.import,
      hint: 'foldwise encoders NAME --import FILE',
      code: 'usage',
    })
  }
  const { isKnown, ...entry } = await importEncoder(chosen[0], resolve(options.import), options.weights)
  const text = [
    `Imported "${entry.weights}" of ${entry.encoder}: its tensors fit.`,
    `  SHA-256 ${entry.sha256} (${isKnown ? 'a known file' : 'not a file that is known: make sure you trust it'})`,
  ]
  output.result({ type: 'imported', ...entry, isKnown }, text.join('\n'))
}

interface WeightsRow {
  readonly encoder: string
  readonly weights: string | null
  readonly isHere: boolean
  readonly licence?: string
  readonly hub?: string
  readonly mean?: readonly number[]
  readonly std?: readonly number[]
}

function show(chosen: readonly EncoderDefinition[], output: Output): void {
  const cached = listWeights()
  const rows = chosen.flatMap(({ name, weights, pretrained }): WeightsRow[] => {
    if (weights.length === 0) return [{ encoder: name, weights: null, isHere: false }]
    return weights.map((each) => {
      const { licence, hub, mean, std } = pretrained[each]
      const isHere = cached.some((entry) => entry.encoder === name && entry.weights === each)
      return { encoder: name, weights: each, isHere, licence, hub, mean, std }
    })
  })
  if (output.isJson) {
    for (const row of rows) output.record({ type: 'encoder', ...row })
    return
  }
  const cells = rows.map(({ encoder, weights, isHere, licence, mean, std, hub }) => [
    encoder,
    weights ?? '–',
    isHere ? 'yes' : 'no',
    licence ?? '–',
    numbers(mean),
    numbers(std),
    hub ?? '–',
  ])
  output.line(table(['encoder', 'weights', 'here', 'licence', 'mean', 'std', 'hub'], cells))
}

function numbers(values: readonly number[] | undefined): string {
  return values === undefined ? '–' : values.map((value) => value.toFixed(3)).join(' ')
}
