import { strict as assert } from 'node:assert'
import { setTimeout as sleep } from 'node:timers/promises'
import * as vscode from 'vscode'

const extension = vscode.extensions.getExtension('foldwise.foldwise')

interface Manifest {
  readonly contributes: { readonly commands: readonly { readonly command: string }[] }
}

function commandIds(): readonly string[] {
  assert.ok(extension)
  return (extension.packageJSON as Manifest).contributes.commands.map(({ command }) => command)
}

/** Runs a command as from the palette and closes whatever it asks; true when it has come back. */
async function runs(id: string): Promise<boolean> {
  const state = { isBack: false }
  void vscode.commands.executeCommand(id).then(() => {
    state.isBack = true
  })
  for (let round = 0; round < 100 && !state.isBack; round++) {
    await sleep(100)
    await vscode.commands.executeCommand('workbench.action.closeQuickOpen')
  }
  return state.isBack
}

describe('the extension', () => {
  it('is activated by the project and registers every command of its manifest', async () => {
    assert.ok(extension)
    await extension.activate()
    const registered = new Set(await vscode.commands.getCommands(true))
    assert.deepEqual(
      commandIds().filter((command) => !registered.has(command)),
      [],
    )
  })

  for (const id of commandIds())
    it(`${id} comes back when what it asks is dismissed`, async () => {
      assert.ok(await runs(id))
    })

  it('trains nothing that was not agreed to', async () => {
    const [folder] = vscode.workspace.workspaceFolders ?? []
    const runFolders = vscode.Uri.joinPath(folder.uri, 'foldwise', 'runs')
    await assert.rejects(async () => vscode.workspace.fs.stat(runFolders))
  })
})
