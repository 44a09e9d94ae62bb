import { spawn } from 'node:child_process'
import { closeSync, openSync, statSync } from 'node:fs'
import { hostname } from 'node:os'
import { UserError } from '../../core/errors.ts'
import { isAlive, type Holder } from '../../runs/holder.ts'
import { processStart } from '../../runs/processIdentity.ts'
import type { Job } from './job.ts'
import { trainerEnvironment } from './trainerEnvironment.ts'

type TrainerProcess = NonNullable<Job['process']>

/**
 * Starts the program so that it outlives this window: in a process group of its own, its words in files.
 * @param program path of the built command line  @param output file of its stdout; must not exist yet
 * @param environment variables beside those of this process
 * @throws UserError where the project's folder is gone  @throws Error where no process can be started
 */
export async function startTrainer(
  program: string,
  trainerArguments: readonly string[],
  root: string,
  output: string,
  errors: string,
  environment: Readonly<Record<string, string>>,
): Promise<TrainerProcess> {
  // Node would say that the program does not exist.
  if (statSync(root, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new UserError('the folder of this project is gone', { file: root, code: 'not-found' })
  const files = [openSync(output, 'wx'), openSync(errors, 'w')] as const
  try {
    const child = spawn(process.execPath, [program, ...trainerArguments], {
      cwd: root,
      detached: true,
      stdio: ['ignore', ...files],
      env: trainerEnvironment({ ...process.env, ...environment }, trainerArguments[0], process.platform),
      windowsHide: true,
    })
    const pid = await new Promise<number>((resolve, reject) => {
      child.once('error', reject)
      child.once('spawn', () => {
        resolve(child.pid!)
      })
    })
    child.unref()
    return { pid, start: processStart(pid), host: hostname() }
  } finally {
    for (const file of files) closeSync(file)
  }
}

/**
 * Sends a signal to this very process, never to another one that got its number.
 * @param touched when it last gave a sign of life, milliseconds since 1970
 * @returns whether it was alive
 */
export function signal(holder: Holder, touched: number, name: 'SIGTERM' | 'SIGKILL'): boolean {
  if (holder.host !== hostname() || !isAlive(holder, touched)) return false
  try {
    process.kill(holder.pid, name)
    return true
  } catch {
    // It ended in between, or belongs to somebody else.
    return false
  }
}
