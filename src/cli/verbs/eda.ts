import { basename, resolve } from 'node:path'
import type { Command } from 'commander'
import { messageWithPlace } from '../../core/errors.ts'
import type { Examination } from '../../data/scan/examination.ts'
import { summarizeDataset, type DatasetSummary } from '../../data/scan/summary.ts'
import { writeFileAtomic } from '../../runs/atomicFile.ts'
import { examineProject } from '../examineProject.ts'
import { outputOf, workspaceOf } from '../globalOptions.ts'
import { edaPage } from '../output/edaPage.ts'
import { edaSections } from '../output/edaSections.ts'
import { table } from '../output/table.ts'

const shownFaults = 5

/** `foldwise eda [--html FILE]`. */
export function addEda(program: Command): void {
  program
    .command('eda')
    .summary('what the data set holds')
    .description(
      'Counts what the data set holds: classes, objects, sizes, channels, folds, and what imbalance calls for.',
    )
    .option('--html <FILE>', 'also write a page with everything, the maps of where classes lie among it')
    .action(eda)
}

async function eda(options: { readonly html?: string }, command: Command): Promise<void> {
  const workspace = workspaceOf(command)
  const output = outputOf(command)
  const examination = await examineProject(workspace, output, 'eda')
  if (examination === undefined) return
  output.warnings(gaps(examination))
  const summary = summarizeDataset(examination)
  output.result({ type: 'eda', ...summary }, textOf(summary))
  if (options.html === undefined) return
  const file = resolve(options.html)
  await writeFileAtomic(file, edaPage(basename(workspace.root), summary))
  output.message(`Written to ${file}.`)
}

/** What the figures leave out. */
function gaps({ pairing, scans, splitFault }: Examination): readonly string[] {
  const faults = scans.flatMap((scan) => scan.faults)
  const others = faults.length - shownFaults
  return [
    ...pairing.warnings,
    ...faults.slice(0, shownFaults).map((fault) => `left out: ${messageWithPlace(fault)}`),
    ...(others > 0 ? [`${others} more faults of files; foldwise doctor lists them all.`] : []),
    ...(splitFault === undefined ? [] : [`no figures of folds: ${splitFault.message}`]),
  ]
}

function textOf(summary: DatasetSummary): string {
  const sections = edaSections(summary).map(({ title, header, rows }) => `${title}\n\n${table(header, rows)}`)
  const advice = summary.advice.map(({ text, config }) => `- ${text}\n  ${JSON.stringify(config)}`)
  return [...sections, ...(advice.length === 0 ? [] : [['Worth trying', ...advice].join('\n')])].join('\n\n')
}
