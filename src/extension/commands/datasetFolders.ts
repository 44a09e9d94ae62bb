import { isAbsolute, relative, sep } from 'node:path'
import * as vscode from 'vscode'
import { UserError } from '../../core/errors.ts'
import { Dismissed } from './choose.ts'

/** The two folders of a data set, relative to the project's folder, with forward slashes. */
export interface DatasetFolders {
  readonly images: string
  readonly masks: string
}

/** Asks for both. @throws UserError where one lies outside of the project's folder  @throws Dismissed */
export async function chooseDatasetFolders(root: string): Promise<DatasetFolders> {
  const images = await chooseWithin(root, vscode.l10n.t('Folder of the Images'))
  return { images, masks: await chooseWithin(root, vscode.l10n.t('Folder of the Masks')) }
}

async function chooseWithin(root: string, title: string): Promise<string> {
  const chosen = await vscode.window.showOpenDialog({
    title,
    openLabel: title,
    canSelectFiles: false,
    canSelectFolders: true,
    defaultUri: vscode.Uri.file(root),
  })
  if (chosen === undefined) throw new Dismissed()
  const folder = chosen[0].fsPath
  const way = relative(root, folder)
  if (way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way))
    throw new UserError(vscode.l10n.t('This folder is not inside the project: {0}', folder), {
      hint: vscode.l10n.t('Open a folder in VS Code that holds both images and masks.'),
      code: 'outside-workspace',
    })
  return way === '' ? '.' : way.split(sep).join('/')
}
