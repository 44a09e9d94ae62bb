import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Profile } from './profile.ts'

/**
 * Makes a display language real for extensions: `vscode.env.language`, `package.nls.LANGUAGE.json` and l10n bundles.
 * The pack has no texts for the workbench itself, which stays English.
 */
export function installLanguage({ userData }: Profile, language: string): void {
  const folder = join(userData, 'languagePack')
  mkdirSync(folder)
  const translations = join(folder, 'workbench.json')
  writeFileSync(translations, JSON.stringify({ version: '1.0.0', contents: {} }))
  const id = `foldwise.language-pack-${language}`
  const pack = {
    hash: id,
    extensions: [{ extensionIdentifier: { id }, version: '1.0.0' }],
    translations: { vscode: translations },
    label: language,
  }
  writeFileSync(join(userData, 'languagepacks.json'), JSON.stringify({ [language]: pack }))
  writeFileSync(join(userData, 'argv.json'), JSON.stringify({ locale: language }))
}
