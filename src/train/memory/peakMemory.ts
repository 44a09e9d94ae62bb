import { readFileSync } from 'node:fs'

/** Most bytes that this process has held, threads included, as the kernel counts it where it tells. */
export function peakMemory(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS * 1024
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1024
}
