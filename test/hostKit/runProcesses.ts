import { readFileSync, readdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** Environment variable by which the processes of a run are known: every child inherits it. */
export const runMark = 'FOLDWISE_HOST_RUN'

export interface RunProcess {
  readonly pid: number
  readonly command: string
}

/** Living processes of a run, those included that were started detached. */
export function runProcesses(run: string): readonly RunProcess[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((entry) => {
      try {
        const environment = readFileSync(`/proc/${entry}/environ`, 'latin1').split('\0')
        if (!environment.includes(`${runMark}=${run}`)) return []
        const stat = readFileSync(`/proc/${entry}/stat`, 'latin1')
        if (stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z')) return []
        const command = readFileSync(`/proc/${entry}/cmdline`, 'latin1').replaceAll('\0', ' ').trim()
        return [{ pid: Number(entry), command }]
      } catch {
        // Gone, or not ours to look at.
        return []
      }
    })
}

/** Kills what lives of a run now. @returns how many there were */
export function killRun(run: string): number {
  const processes = runProcesses(run)
  for (const { pid } of processes) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It has ended by itself.
    }
  }
  return processes.length
}

/** Ends every process of a run. By force: nobody reads what it would still write. */
export async function endRun(run: string): Promise<void> {
  // Twice nothing: a child just being started has no environment to be known by.
  for (let quiet = 0; quiet < 2;) {
    quiet = killRun(run) === 0 ? quiet + 1 : 0
    await sleep(20)
  }
}
