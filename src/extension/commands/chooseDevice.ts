import * as vscode from 'vscode'
import { programEnvironment } from '../program/environment.ts'
import { runProgram } from '../program/runProgram.ts'
import { showFailure } from '../failure.ts'
import { Dismissed } from './choose.ts'
import type { Command } from './command.ts'
import { devicesOf, type DeviceChoice, type FoundDevice } from './devices.ts'

/** "Choose Device…": what this machine can train on, found while the list is shown; the setting is for runs from now on. */
export const chooseDevice: Command = async ({ context, log }) => {
  const settings = vscode.workspace.getConfiguration('foldwise')
  const current = settings.get<DeviceChoice>('device', 'auto')
  const pick = vscode.window.createQuickPick<vscode.QuickPickItem & { readonly device: DeviceChoice }>()
  const search = new AbortController()
  pick.title = vscode.l10n.t('Choose Device')
  pick.placeholder = vscode.l10n.t('Looking for what can train on this machine…')
  pick.matchOnDetail = true
  pick.busy = true
  const show = (found: readonly FoundDevice[] | undefined): void => {
    pick.items = itemsOf(found, current)
    pick.activeItems = pick.items.filter(({ device }) => device === current)
  }
  show(undefined)
  void find(context.asAbsolutePath('dist/cli.js'), search.signal)
    .then(show, (error: unknown) => (search.signal.aborted ? undefined : showFailure(error, log)))
    .finally(() => {
      pick.placeholder = vscode.l10n.t('Where shall training compute?')
      pick.busy = false
    })
  try {
    const device = await new Promise<DeviceChoice>((resolve, reject) => {
      pick.onDidAccept(() => {
        const chosen = pick.selectedItems.at(0)
        if (chosen !== undefined) resolve(chosen.device)
      })
      pick.onDidHide(() => {
        reject(new Dismissed())
      })
      pick.show()
    })
    await save(settings, device)
  } finally {
    search.abort()
    pick.dispose()
  }
}

async function find(program: string, signal: AbortSignal): Promise<readonly FoundDevice[]> {
  return devicesOf(await runProgram(program, ['devices'], signal, programEnvironment()))
}

function itemsOf(
  found: readonly FoundDevice[] | undefined,
  current: DeviceChoice,
): readonly (vscode.QuickPickItem & { readonly device: DeviceChoice })[] {
  const item = (device: DeviceChoice, name: string, whatItIs: string): ReturnType<typeof itemsOf>[number] => {
    const own = found?.filter(({ choices }) => choices.includes(device)) ?? []
    const none = found === undefined ? '' : vscode.l10n.t('None found that this version can use.')
    return {
      device,
      label: device === current ? `$(check) ${name}` : name,
      description: whatItIs,
      detail: own.length === 0 ? none : own.map(({ text }) => text).join(' · '),
    }
  }
  return [
    item('auto', vscode.l10n.t('Automatic'), vscode.l10n.t('the fastest that passes its self-test')),
    item('cpu', vscode.l10n.t('CPU'), vscode.l10n.t('the processor')),
    item('gpu', vscode.l10n.t('GPU'), vscode.l10n.t('a graphics card')),
  ]
}

/** Where it is set already, else for the user: a folder's setting would outvote it. */
async function save(settings: vscode.WorkspaceConfiguration, device: DeviceChoice): Promise<void> {
  const places = settings.inspect('device')
  const place =
    places?.workspaceValue === undefined ? vscode.ConfigurationTarget.Global : vscode.ConfigurationTarget.Workspace
  await settings.update('device', device, place)
  vscode.window.setStatusBarMessage(vscode.l10n.t('Foldwise: the next run trains on "{0}".', device), 5000)
}
