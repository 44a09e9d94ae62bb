import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import * as z from 'zod'
import { UserError } from '../../core/errors.ts'
import type { Finding } from '../../data/doctor/finding.ts'
import { findingsOf } from '../../data/doctor/registry.ts'
import { pathInside } from '../../runs/containment.ts'
import { readJsonFile } from '../../runs/jsonFile.ts'
import { listResults } from '../../runs/results.ts'
import type { Workspace } from '../../runs/workspace.ts'
import { examineProject } from '../examineProject.ts'
import { exitCodes } from '../failure.ts'
import { outputOf, workspaceOf } from '../globalOptions.ts'

const splitFileSchema = z.object({ hash: z.string() })

/** `foldwise doctor`. */
export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .summary('check the data set: leaks between folds, labels, files')
    .description(
      'Looks for what makes scores mislead: images in training and validation alike, labels that are no class, empty masks, classes that no fold validates, results of other folds.',
    )
    .addHelpText('after', '\nExit code 4 where there is an error or a warning; notes alone are fine.')
    .action(doctor)
}

async function doctor(_options: unknown, command: Command): Promise<void> {
  const workspace = workspaceOf(command)
  const output = outputOf(command)
  const examination = await examineProject(workspace, output, 'doctor')
  if (examination === undefined) return
  const { results, warnings } = listResults(workspace)
  const written = writtenSplit(workspace)
  output.warnings([...warnings, ...written.warnings])
  const findings = await findingsOf({ ...examination, results, writtenSplitHash: written.hash })
  const failed = findings.filter(({ severity }) => severity !== 'note').length
  const images = examination.pairing.pairs.length
  const verdict = `${images} images looked at: ${failed} of ${findings.length} findings are errors or warnings.`
  const calm = `${images} images looked at: nothing found.`
  const text = [...findings.map(textOf), findings.length === 0 ? calm : verdict].join('\n\n')
  output.result({ type: 'doctor', images, findings }, text)
  if (failed > 0) process.exitCode = exitCodes.checkFailed
}

function writtenSplit(workspace: Workspace): {
  readonly hash: string | undefined
  readonly warnings: readonly string[]
} {
  const file = pathInside(workspace.root, 'foldwise', 'split.json')
  if (!existsSync(file)) return { hash: undefined, warnings: [] }
  try {
    return { hash: readJsonFile(file, splitFileSchema).hash, warnings: [] }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { hash: undefined, warnings: [`${file}: ${error.message}`] }
  }
}

function textOf({ severity, code, message, why, remedy }: Finding): string {
  return `${severity} [${code}] ${message}\n  why:     ${why}\n  to do:   ${remedy}`
}
