import { join } from 'node:path'
import * as vscode from 'vscode'
import { UserError } from '../../core/errors.ts'
import type { AnswerOf } from '../../protocol/questions.ts'
import { runWithProgress } from './runWithProgress.ts'
import type { Services } from '../services.ts'
import { checkTrust, choose, Dismissed } from './choose.ts'
import type { Command } from './command.ts'
import { chooseDatasetFolders, type DatasetFolders } from './datasetFolders.ts'
import { recognisedHeadline, recognisedLines } from './recognised.ts'

/** "Initialise Project…": looks at a folder of images and masks, shows what it recognised, and writes what is agreed. */
export const initialiseProject: Command = async (services) => {
  checkTrust()
  const root = await chooseRoot(services)
  const agreed = await agree(services, root)
  const program = services.context.asAbsolutePath('dist/cli.js')
  await runWithProgress(program, agreed.arguments, vscode.l10n.t('Making the project…'))
  services.projects.refresh()
  const file = vscode.Uri.file(join(root, 'foldwise', 'project.jsonc'))
  await vscode.window.showTextDocument(file)
  const debug = vscode.l10n.t('Debug Run')
  const message = vscode.l10n.t(
    'The project is made, with a baseline experiment. A debug run shows whether it can learn.',
  )
  void vscode.window.showInformationMessage(message, debug).then((chosen) => {
    if (chosen !== debug) return
    return vscode.commands.executeCommand('foldwise.debugRun', { root, experiment: 'baseline' })
  })
}

/** A folder of the window that has no project. @throws UserError where there is none  @throws Dismissed */
async function chooseRoot({ projects }: Services): Promise<string> {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file')
  if (folders.length === 0)
    throw new UserError(vscode.l10n.t('No folder is open: there is nothing to make a project of.'), {
      hint: vscode.l10n.t('Open a folder of images and masks first, or try "Foldwise: Create Sample Project".'),
      code: 'no-folder',
    })
  const free = folders.filter(({ uri }) => projects.at(uri.fsPath) === undefined)
  if (free.length === 0)
    throw new UserError(vscode.l10n.t('There is a project in this folder already.'), {
      hint: vscode.l10n.t('Change it with "Foldwise: Open Project File".'),
      code: 'exists',
    })
  if (free.length === 1) return free[0].uri.fsPath
  const items = free.map(({ name, uri }) => ({ label: name, description: uri.fsPath }))
  const question = vscode.l10n.t('Which folder holds the images and masks?')
  return (await choose(items, vscode.l10n.t('Initialise Project'), question)).description
}

type Inspection = AnswerOf<'inspect'>

/** Shows what was recognised until the person agrees; other folders are looked at in turn. @throws Dismissed */
async function agree(services: Services, root: string): Promise<Inspection> {
  for (let folders: DatasetFolders | undefined; ;) {
    const inspection = await inspect(services, root, folders)
    if (inspection !== undefined && (await isAgreed(inspection))) return inspection
    folders = await chooseDatasetFolders(root)
  }
}

/** undefined where nothing was recognised and the person wants to name the folders. @throws Dismissed */
async function inspect(
  { assistant }: Services,
  folder: string,
  folders: DatasetFolders | undefined,
): Promise<Inspection | undefined> {
  const progress = {
    location: vscode.ProgressLocation.Notification,
    title: vscode.l10n.t('Looking at the images and masks…'),
  }
  try {
    return await vscode.window.withProgress(progress, () =>
      assistant.ask<'inspect'>({ type: 'inspect', folder, ...folders }),
    )
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    const other = vscode.l10n.t('Choose Folders…')
    const message = [error.message, error.details.hint ?? ''].join(' ').trim()
    if ((await vscode.window.showErrorMessage(message, other)) === other) return undefined
    throw new Dismissed()
  }
}

/** false: other folders are meant. @throws Dismissed */
async function isAgreed(inspection: Inspection): Promise<boolean> {
  const make = {
    label: `$(check) ${vscode.l10n.t('Create Project')}`,
    description: recognisedHeadline(inspection),
    detail: vscode.l10n.t('Classes, split and everything else can be changed in project.jsonc afterwards.'),
  }
  const other = { label: `$(folder) ${vscode.l10n.t('Choose Other Folders…')}` }
  const facts = recognisedLines(inspection).map(({ label, detail }) => ({ label, detail }))
  const separator = { label: vscode.l10n.t('Recognised'), kind: vscode.QuickPickItemKind.Separator }
  const items: readonly vscode.QuickPickItem[] = [make, other, separator, ...facts]
  for (;;) {
    // A fact is there to be read: choosing one asks again.
    const chosen = await choose(items, vscode.l10n.t('Initialise Project'), vscode.l10n.t('Is this your data set?'))
    if (chosen === make) return true
    if (chosen === other) return false
  }
}
