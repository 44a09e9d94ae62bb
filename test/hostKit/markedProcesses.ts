import { readFileSync, readdirSync } from 'node:fs'
import { sleep } from './waiting.ts'

/** Every process of a run inherits this variable with the run's name: so they are found even where they detached themselves. */
export const runMark = 'FOLDWISE_HOST_RUN'

export interface RunProcess {
  readonly pid: number
  readonly parent: number
  readonly command: string
}

/** Living processes of a run. */
export function processesOf(run: string): RunProcess[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        return describe(name, run)
      } catch {
        return [] // ended meanwhile, or another user's
      }
    })
}

function describe(pid: string, run: string): RunProcess[] {
  const read = (file: string): string => readFileSync(`/proc/${pid}/${file}`, 'latin1')
  if (!read('environ').split('\0').includes(`${runMark}=${run}`)) return []
  const stat = read('stat')
  const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  if (state === 'Z' || state === 'X') return []
  return [{ pid: Number(pid), parent: Number(parent), command: read('cmdline').replaceAll('\0', ' ').trim() }]
}

/** Kills what lives of a run now. Returns how many there were. */
export function killRun(run: string): number {
  const processes = processesOf(run)
  for (const { pid } of processes) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // ended meanwhile
    }
  }
  return processes.length
}

/** Ends a run: also children that were just being started when the first ones were killed. */
export async function endRun(run: string): Promise<void> {
  for (let quiet = 0; quiet < 2; ) {
    quiet = killRun(run) === 0 ? quiet + 1 : 0
    await sleep(20)
  }
}
