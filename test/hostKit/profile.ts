import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { endRun, killRun } from './markedProcesses.ts'

/** A throwaway home for one run of VS Code. Its base name is the run's name. */
export interface Profile {
  readonly run: string
  readonly root: string
  readonly home: string
  readonly userData: string
  readonly extensions: string
  readonly temporary: string
}

export interface ProfileOptions {
  readonly settings?: Readonly<Record<string, unknown>>
  /** Folders are looked at in restricted mode, as VS Code does before the user trusts them. */
  readonly restricted?: boolean
}

const quietSettings = {
  'security.workspace.trust.startupPrompt': 'never',
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

// Short: paths of sockets below it must fit into 107 characters.
const prefix = 'fwh-'

export function makeProfile({ settings = {}, restricted = false }: ProfileOptions): Profile {
  const root = mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`))
  const profile: Profile = {
    run: basename(root),
    root,
    home: join(root, 'home'),
    userData: join(root, 'data'),
    extensions: join(root, 'extensions'),
    temporary: join(root, 'tmp'),
  }
  const user = join(profile.userData, 'User')
  for (const folder of [profile.home, user, profile.extensions, profile.temporary]) mkdirSync(folder, { recursive: true })
  const all = { ...quietSettings, 'security.workspace.trust.enabled': restricted, ...settings }
  writeFileSync(join(user, 'settings.json'), JSON.stringify(all, undefined, 2))
  writeFileSync(join(root, 'config.yaml'), 'auth: none\n')
  return profile
}

/** Ends the run and removes its profile. */
export async function discardProfile({ run, root }: Profile): Promise<void> {
  await endRun(run)
  rmSync(root, { recursive: true, force: true, maxRetries: 3 })
}

/** As `discardProfile`, where nothing can be awaited any more: at the exit of this process. */
export function discardProfileNow({ run, root }: Profile): void {
  while (killRun(run) > 0);
  rmSync(root, { recursive: true, force: true, maxRetries: 3 })
}

/** Ends what earlier runs left behind whose own process was killed. */
export async function sweepStaleProfiles(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    const owner = new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1]
    if (owner === undefined || existsSync(`/proc/${owner}`)) continue
    const root = join(tmpdir(), name)
    if (statSync(root, { throwIfNoEntry: false })?.uid !== process.getuid?.()) continue
    await endRun(name)
    rmSync(root, { recursive: true, force: true })
  }
}
