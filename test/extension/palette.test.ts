import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

it('every command of the manifest has its code in the palette', () => {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
    readonly contributes: { readonly commands: readonly { readonly command: string }[] }
  }
  const registry = readFileSync('src/extension/commands/palette.ts', 'utf8')
  const entries = new Set(Array.from(registry.matchAll(/^ {2}(\w+),$/gm), ([, name]) => `foldwise.${name}`))
  expect(manifest.contributes.commands.map(({ command }) => command).filter((id) => !entries.has(id))).toEqual([])
})
