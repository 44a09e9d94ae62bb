import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'

/** Everything that VS Code writes lies in here, and goes with it. */
export interface Profile {
  readonly root: string
  /** Name of the run, see `runMark`. */
  readonly run: string
}

const quietSettings = {
  'security.workspace.trust.enabled': false,
  'workbench.startupEditor': 'none',
  'workbench.enableExperiments': false,
  'workbench.tips.enabled': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'chat.disableAIFeatures': true,
  'git.enabled': false,
  'files.simpleDialog.enable': true,
}

export function makeProfile(settings: Readonly<Record<string, unknown>>, locale: string | undefined): Profile {
  const root = mkdtempSync(join(tmpdir(), 'foldwise-host-'))
  for (const folder of ['home', 'data/User', 'data/Machine', 'extensions', 'tmp'])
    mkdirSync(join(root, folder), { recursive: true })
  writeFileSync(join(root, 'data/User/settings.json'), JSON.stringify({ ...quietSettings, ...settings }, null, 2))
  writeFileSync(join(root, 'config.yaml'), 'auth: none\n')
  if (locale !== undefined) writeFileSync(join(root, 'data/argv.json'), JSON.stringify({ locale }))
  return { root, run: basename(root) }
}

export function removeProfile({ root }: Profile): void {
  rmSync(root, { recursive: true, force: true, maxRetries: 3 })
}
