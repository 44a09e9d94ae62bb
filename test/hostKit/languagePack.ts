import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Profile } from './profile.ts'

interface Localization {
  readonly languageId: string
  readonly localizedLanguageName?: string
  readonly translations: readonly { readonly id: string; readonly path: string }[]
}

/**
 * Makes the display language of VS Code real with a language pack of our own: it translates nothing of VS Code, but
 * `vscode.env.language`, the manifest's texts and the bundles of extensions follow it.
 */
export function addLanguagePack({ root }: Profile, language: string, name: string): void {
  const folder = join(root, 'extensions', `foldwise-tests.language-pack-${language}-1.0.0`)
  mkdirSync(join(folder, 'translations'), { recursive: true })
  writeFileSync(join(folder, 'translations/main.i18n.json'), JSON.stringify({ version: '1.0.0', contents: {} }))
  const localization: Localization & { readonly languageName: string } = {
    languageId: language,
    languageName: name,
    localizedLanguageName: name,
    translations: [{ id: 'vscode', path: './translations/main.i18n.json' }],
  }
  const manifest = {
    name: `language-pack-${language}`,
    publisher: 'foldwise-tests',
    version: '1.0.0',
    engines: { vscode: '^1.90.0' },
    categories: ['Language Packs'],
    contributes: { localizations: [localization] },
  }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))
}

/** Installing a pack from the command line does not make it known; VS Code reads this file. */
export function registerLanguagePacks({ root }: Profile): void {
  const packs: Record<string, unknown> = {}
  for (const entry of readdirSync(join(root, 'extensions'))) {
    const folder = join(root, 'extensions', entry)
    const file = join(folder, 'package.json')
    if (!existsSync(file)) continue
    const { publisher, name, version, contributes } = JSON.parse(readFileSync(file, 'utf8')) as {
      readonly publisher: string
      readonly name: string
      readonly version: string
      readonly contributes?: { readonly localizations?: readonly Localization[] }
    }
    for (const { languageId, localizedLanguageName, translations } of contributes?.localizations ?? [])
      packs[languageId] = {
        hash: createHash('md5').update(`${publisher}.${name}@${version}`).digest('hex'),
        extensions: [{ extensionIdentifier: { id: `${publisher}.${name}` }, version }],
        translations: Object.fromEntries(translations.map(({ id, path }) => [id, join(folder, path)])),
        label: localizedLanguageName,
      }
  }
  writeFileSync(join(root, 'data/languagepacks.json'), JSON.stringify(packs))
}
