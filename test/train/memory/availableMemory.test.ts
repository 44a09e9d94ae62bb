import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { systemMemory } from '../../../src/train/memory/availableMemory.ts'

const gibibyte = 2 ** 30

/** A file system with these files. */
function rootWith(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'foldwise-memory-'))
  onTestFinished(() => {
    rmSync(root, { recursive: true })
  })
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), text)
  }
  return root
}

const meminfo = {
  'proc/meminfo': 'MemTotal:       16777216 kB\nMemFree:          100000 kB\nMemAvailable:    8388608 kB\n',
}

describe('memory of the system', () => {
  it('is what Linux says is available, and what the process holds already', () => {
    const found = systemMemory(rootWith(meminfo), gibibyte)
    expect(found).toEqual({ availableBytes: 9 * gibibyte, limit: 'machine' })
  })

  it('is what the tightest control group leaves, pages of files not counted (version 2)', () => {
    const root = rootWith({
      ...meminfo,
      'proc/self/cgroup': '0::/jobs/one\n',
      'sys/fs/cgroup/jobs/one/memory.max': 'max\n',
      'sys/fs/cgroup/jobs/one/memory.current': `${gibibyte}\n`,
      'sys/fs/cgroup/jobs/memory.max': `${4 * gibibyte}\n`,
      'sys/fs/cgroup/jobs/memory.current': `${2 * gibibyte}\n`,
      'sys/fs/cgroup/jobs/memory.stat': `anon 5\ninactive_file ${gibibyte}\n`,
    })
    expect(systemMemory(root, 0)).toEqual({ availableBytes: 3 * gibibyte, limit: 'group' })
  })

  it('is that of a container, which sees its own group as the root (version 1)', () => {
    const root = rootWith({
      ...meminfo,
      'proc/self/cgroup': '5:cpu,cpuacct:/x\n4:memory:/docker/0123\n',
      'sys/fs/cgroup/memory/memory.limit_in_bytes': `${2 * gibibyte}\n`,
      'sys/fs/cgroup/memory/memory.usage_in_bytes': `${gibibyte}\n`,
    })
    expect(systemMemory(root, 0)).toEqual({ availableBytes: gibibyte, limit: 'group' })
  })

  it('takes the largest number there is for no limit', () => {
    const root = rootWith({
      ...meminfo,
      'proc/self/cgroup': '4:memory:/\n',
      'sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n',
      'sys/fs/cgroup/memory/memory.usage_in_bytes': '1000\n',
    })
    expect(systemMemory(root, 0).limit).toBe('machine')
  })
})
