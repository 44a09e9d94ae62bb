import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { endRun, killRun } from './runProcesses.ts'

/** Everything that VS Code writes lies in here, and goes with it. */
export interface Profile {
  readonly root: string
  /** Name of the run, see `runMark`. */
  readonly run: string
}

const quietSettings = {
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

// Short: the path of a socket in it must fit into 107 characters. The number is this process's.
const prefix = 'fwh-'

export function makeProfile(settings: Readonly<Record<string, unknown>>): Profile {
  const root = mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`))
  for (const folder of ['home', 'data/User', 'data/Machine', 'extensions', 'tmp'])
    mkdirSync(join(root, folder), { recursive: true })
  writeFileSync(join(root, 'data/User/settings.json'), JSON.stringify({ ...quietSettings, ...settings }, null, 2))
  writeFileSync(join(root, 'config.yaml'), 'auth: none\n')
  return { root, run: basename(root) }
}

/** Ends the run of a profile and removes it. */
export async function discardProfile({ root, run }: Profile): Promise<void> {
  await endRun(run)
  rmSync(root, { recursive: true, force: true, maxRetries: 3 })
}

/**
 * Discards the profile when this process exits, a terminal interrupts it or a test runner ends it.
 * @returns takes the guard away
 */
export function guardProfile({ root, run }: Profile): () => void {
  const onExit = (): void => {
    while (killRun(run) > 0);
    rmSync(root, { recursive: true, force: true, maxRetries: 3 })
  }
  const onSignal = (signal: NodeJS.Signals): void => {
    onExit()
    release()
    process.kill(process.pid, signal)
  }
  const release = (): void => {
    process.off('exit', onExit).off('SIGINT', onSignal).off('SIGTERM', onSignal)
  }
  process.on('exit', onExit).on('SIGINT', onSignal).on('SIGTERM', onSignal)
  return release
}

/** Discards what was left behind by processes that were themselves killed. */
export async function sweepProfiles(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    const owner = new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1]
    if (owner === undefined || existsSync(`/proc/${owner}`)) continue
    const root = join(tmpdir(), name)
    if (statSync(root, { throwIfNoEntry: false })?.uid === process.getuid?.()) await discardProfile({ root, run: name })
  }
}
