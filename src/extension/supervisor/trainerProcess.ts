import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { processStart } from '../../runs/processIdentity.ts'
import type { Job } from './job.ts'

type TrainerProcess = NonNullable<Job['process']>

/**
 * Starts the program so that it outlives this window: in a process group of its own, its words in files.
 * @param program path of the built command line  @throws Error where no process can be started
 */
export async function startTrainer(
  program: string,
  trainerArguments: readonly string[],
  root: string,
  output: string,
  errors: string,
): Promise<TrainerProcess> {
  const files = [openSync(output, 'w'), openSync(errors, 'w')] as const
  try {
    const child = spawn(process.execPath, [program, ...trainerArguments], {
      cwd: root,
      detached: true,
      stdio: ['ignore', ...files],
      // In the desktop's VS Code this executable is Electron, which runs as Node when told so.
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      windowsHide: true,
    })
    const pid = await new Promise<number>((resolve, reject) => {
      child.once('error', reject)
      child.once('spawn', () => {
        resolve(child.pid!)
      })
    })
    child.unref()
    return { pid, start: processStart(pid) }
  } finally {
    for (const file of files) closeSync(file)
  }
}

/** Whether this very process still runs, not another one that got its number. */
export function isRunning({ pid, start }: TrainerProcess): boolean {
  const now = processStart(pid)
  return now !== 'dead' && (start === undefined || now === undefined || now === start)
}
