import { existsSync, readFileSync } from 'node:fs'
import * as os from 'node:os'
import { join, posix } from 'node:path'

/** What the system has for this process, in bytes. */
export interface SystemMemory {
  /** Without pushing other programs out. */
  readonly availableBytes: number
  /** Name of what limits it: the machine, or a control group (container, job of a cluster). */
  readonly limit: 'machine' | 'group'
}

/**
 * Memory that this process may still come to hold, what it holds already included.
 * @param root of the file system, for tests
 */
export function systemMemory(root = '/', rss = process.memoryUsage.rss()): SystemMemory {
  const machine = rss + (linuxBytes(root) ?? otherSystemBytes())
  const group = groupBytes(root)
  const limited = group === undefined ? undefined : rss + group
  return limited !== undefined && limited < machine
    ? { availableBytes: limited, limit: 'group' }
    : { availableBytes: machine, limit: 'machine' }
}

/** Free memory and what could be freed at once, such as caches. */
function linuxBytes(root: string): number | undefined {
  const kibibytes = /^MemAvailable:\s+(\d+) kB/m.exec(textOf(join(root, 'proc/meminfo')) ?? '')?.[1]
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024
}

/** Windows counts caches as free; macOS does not, and moves what rests out of the way: there a part of all is promised. */
function otherSystemBytes(): number {
  const free = os.freemem()
  return process.platform === 'darwin' ? Math.max(free, 0.7 * os.totalmem()) : free
}

/** What the tightest control group above this process leaves. */
function groupBytes(root: string): number | undefined {
  const groups = (textOf(join(root, 'proc/self/cgroup')) ?? '').split('\n').flatMap((line) => {
    const match = /^\d+:([^:]*):(\/.*)$/.exec(line)
    if (match === null) return []
    const [, controllers, path] = match
    if (controllers === '') return levels(root, 'sys/fs/cgroup', path, 'memory.max', 'memory.current')
    return controllers.split(',').includes('memory')
      ? levels(root, 'sys/fs/cgroup/memory', path, 'memory.limit_in_bytes', 'memory.usage_in_bytes')
      : []
  })
  return groups.length === 0 ? undefined : Math.min(...groups)
}

/** What is left in the group and in each above it; inside a container its own one is mounted as the root. */
function levels(root: string, mount: string, path: string, limitFile: string, usageFile: string): readonly number[] {
  const folders: string[] = []
  for (let folder = path; ; folder = posix.dirname(folder)) {
    folders.push(folder)
    if (folder === '/') break
  }
  return folders.flatMap((folder) => {
    const place = join(root, mount, folder)
    if (!existsSync(join(place, limitFile))) return []
    const [limit, usage] = [limitFile, usageFile].map((name) => Number(textOf(join(place, name))))
    // "max", or the largest multiple of a page, means no limit.
    return Number.isFinite(limit) && limit < 2 ** 60 ? [Math.max(0, limit - usage + reclaimable(place))] : []
  })
}

/** Pages of files that the group has read count as its use, and go when they are needed. */
function reclaimable(place: string): number {
  const text = textOf(join(place, 'memory.stat')) ?? ''
  const found = /^(?:total_)?inactive_file (\d+)$/m.exec(text)?.[1]
  return Number(found ?? 0)
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
