import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/**
 * What tells a process from a later one with the same pid: its start time, on Linux with the boot it belongs to.
 * undefined where the system does not say (Windows); 'dead' if no such process runs, a zombie included.
 */
export function processStart(pid: number): string | undefined {
  if (!isRunning(pid)) return 'dead'
  if (process.platform === 'linux') return startOnLinux(pid)
  return process.platform === 'win32' ? undefined : startFromPs(pid)
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it runs, but belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** Fields 3 (state) and 22 (start in clock ticks since boot) of /proc/PID/stat: proc(5). */
function startOnLinux(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The program's name (field 2) may hold spaces and parentheses: count from the last one.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (fields[0] === 'Z' || fields[0] === 'X') return 'dead'
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    return `${boot}:${fields[19]}`
  } catch {
    // Gone in between, or /proc is hidden from us.
    return isRunning(pid) ? undefined : 'dead'
  }
}

function startFromPs(pid: number): string | undefined {
  try {
    const options = { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' }, timeout: 5000 } as const
    const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], options).trim()
    const [, state, start] = /^(\S+)\s+(.+)$/.exec(line) ?? []
    return state.startsWith('Z') ? 'dead' : start
  } catch {
    return isRunning(pid) ? undefined : 'dead'
  }
}
