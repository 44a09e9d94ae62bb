import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Profile } from './profile.ts'

/**
 * Makes the display language of VS Code real: it translates nothing of VS Code itself, but `vscode.env.language`, the
 * manifest's texts and the bundles of extensions follow it. This file is all that VS Code reads of a language pack.
 */
export function addLanguagePack({ root }: Profile, language: string, name: string): void {
  const translations = join(root, 'data/workbench.i18n.json')
  writeFileSync(translations, JSON.stringify({ version: '1.0.0', contents: {} }))
  const id = `foldwise-tests.language-pack-${language}`
  const pack = {
    hash: id,
    extensions: [{ extensionIdentifier: { id }, version: '1.0.0' }],
    translations: { vscode: translations },
    label: name,
  }
  writeFileSync(join(root, 'data/languagepacks.json'), JSON.stringify({ [language]: pack }))
  writeFileSync(join(root, 'data/argv.json'), JSON.stringify({ locale: language }))
}
