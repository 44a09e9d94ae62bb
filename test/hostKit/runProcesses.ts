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

/** Ends every process of a run: politely, then by force. */
export async function endRun(run: string): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    for (const { pid } of runProcesses(run)) endProcess(pid, signal)
    for (let round = 0; round < 20 && runProcesses(run).length > 0; round++) await sleep(100)
  }
}

function endProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It has ended by itself.
  }
}
