import { strict as assert } from 'node:assert'
import * as vscode from 'vscode'

const extension = vscode.extensions.getExtension('foldwise.foldwise')

interface Manifest {
  readonly contributes: { readonly commands: readonly { readonly command: string }[] }
}

describe('the extension', () => {
  it('is activated by the project and registers every command of its manifest', async () => {
    assert.ok(extension)
    await extension.activate()
    const registered = new Set(await vscode.commands.getCommands(true))
    const { contributes } = extension.packageJSON as Manifest
    assert.deepEqual(
      contributes.commands.map(({ command }) => command).filter((command) => !registered.has(command)),
      [],
    )
  })
})
