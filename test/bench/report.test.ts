import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { kinds } from '../../bench/kinds.ts'
import { performanceText } from '../../bench/performance.ts'
import { report } from '../../bench/report.ts'
import type { Results } from '../../bench/results.ts'

const results: Results = {
  kind: 'step',
  machine: {
    cpu: 'A processor',
    cores: 2,
    kernels: 'AVX2, blocks of 8',
    memoryGiB: 16,
    os: 'linux-x64',
    versions: { node: '20.9.0' },
  },
  rows: [
    {
      case: 'Unet/resnet18, batch 4',
      settings: '256×256',
      reference: 'PyTorch, contiguous',
      date: '2026-11-25',
      load: 0.1,
      measures: [
        { name: 'step', unit: 'ms', ours: [100, 90, 120], theirs: [200, 100, 100] },
        { name: 'speed', unit: 'images/s', ours: [200], theirs: [100] },
        { name: 'memory', unit: 'MiB', ours: [512], theirs: null },
      ],
    },
  ],
}

describe('docs/PERFORMANCE.md', () => {
  it('says what is saved in bench/results: after a measurement, npm run bench -- report', () => {
    expect(readFileSync('docs/PERFORMANCE.md', 'utf8')).toBe(performanceText())
  })

  it('gives the median and the least of the ratios round by round, not the ratio of medians', () => {
    expect(report(kinds, [results], '')).toContain(
      '| Unet/resnet18, batch 4 | 100 ms | 100 ms | **0.90** | 0.50 | 0.50 0.90 1.20 | PyTorch, contiguous | 2026-11-25, 0.1 |',
    )
  })

  it('turns the ratio of speeds round: below 1 is better in every table', () => {
    expect(report(kinds, [results], '')).toContain('| 200 images/s | 100 images/s | **0.50** |')
  })

  it('leaves out the ratio where nothing was compared', () => {
    expect(report(kinds, [results], '')).toContain('| 512 MiB |  |  |  |  | none |')
  })

  it('has no section for what was not measured', () => {
    const text = report(kinds, [results], '')
    expect(text.match(/^## .*/gm)).toEqual([`## ${kinds.find(({ name }) => name === 'step')!.title}`])
  })
})
