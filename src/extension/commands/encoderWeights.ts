import * as vscode from 'vscode'
import { byteText } from '../../core/byteText.ts'
import { UserError, type WeightsOffer } from '../../core/errors.ts'
import { editJsonc } from '../../runs/jsoncEdit.ts'
import { projectDocument } from '../language/projectDocument.ts'
import type { Services } from '../services.ts'
import { checkTrust, choose } from './choose.ts'
import type { Command } from './command.ts'
import { runWithProgress } from './runWithProgress.ts'

/** What `foldwise encoders --json` says of one set of weights. */
interface Row extends WeightsOffer {
  readonly isHere: boolean
  readonly hub: string
}

/** "Encoder Weights…": size and licence of all that exist, download of what is not here, and into the open experiment. */
export const encoderWeights: Command = async (services, target) => {
  const offer = target?.download ?? (await chooseWeights(services))
  const name = `${offer.encoder} / ${offer.weights}`
  if (!('isHere' in offer && offer.isHere)) await download(services, offer, name)
  const open = vscode.window.activeTextEditor?.document
  const file = open && projectDocument(services.projects, open.uri)?.file
  const use = file?.kind === 'experiment' ? [vscode.l10n.t('Use in {0}', file.name)] : []
  const train = target?.experiment === undefined ? [] : [vscode.l10n.t('Train Fold')]
  const message = vscode.l10n.t('{0} is on this machine.', name)
  const chosen = await vscode.window.showInformationMessage(message, ...train, ...use)
  if (chosen === undefined) return
  if (chosen === use[0]) await write(open!, offer)
  else await vscode.commands.executeCommand('foldwise.trainFold', target)
}

async function chooseWeights({ context }: Services): Promise<Row> {
  const title = vscode.l10n.t('Encoder Weights')
  const rows = await runWithProgress(context.asAbsolutePath('dist/cli.js'), ['encoders'], title)
  const items = rows.flatMap((record) => {
    // An encoder without weights has a record as well.
    if (record['weights'] === null) return []
    const row = record as unknown as Row
    const here = row.isHere ? vscode.l10n.t('on this machine') : vscode.l10n.t('not downloaded')
    return {
      row,
      label: `$(${row.isHere ? 'check' : 'cloud-download'}) ${row.encoder} / ${row.weights}`,
      description: `~${byteText(row.bytes)} · ${here}`,
      detail: `${licenceText(row)} · ${row.hub}`,
    }
  })
  return (await choose(items, title, vscode.l10n.t('Which weights?'))).row
}

function licenceText({ licence }: WeightsOffer): string {
  return vscode.l10n.t('Licence: {0}', licence ?? vscode.l10n.t('not stated'))
}

async function download({ context }: Services, { encoder, weights }: WeightsOffer, name: string): Promise<void> {
  checkTrust()
  const program = context.asAbsolutePath('dist/cli.js')
  const title = vscode.l10n.t('Downloading {0}', name)
  await runWithProgress(program, ['encoders', encoder, '--download', '--weights', weights], title, (record) => {
    const { bytes, total } = record as unknown as { readonly bytes: number; readonly total?: number }
    return total === undefined
      ? undefined
      : { share: bytes / total, message: `${byteText(bytes)} / ${byteText(total)}` }
  })
}

/** Both of the pair: weights are an encoder's own. */
async function write({ uri: { fsPath: file }, isDirty }: vscode.TextDocument, offer: WeightsOffer): Promise<void> {
  checkTrust()
  if (isDirty)
    throw new UserError(vscode.l10n.t('The experiment has unsaved changes: they would be lost.'), {
      file,
      line: 1,
      hint: vscode.l10n.t('Save or revert it first.'),
      code: 'unsaved',
    })
  await editJsonc(file, ['model', 'encoder_name'], offer.encoder)
  await editJsonc(file, ['model', 'encoder_weights'], offer.weights)
}
