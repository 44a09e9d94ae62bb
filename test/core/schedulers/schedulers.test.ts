import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { schedulers } from '../../../src/core/schedulers/registry.ts'
import { describeWithFixtures } from '../../shared.ts'

interface Case {
  readonly scheduler: string
  readonly base_lr: number
  readonly arguments: Readonly<Record<string, unknown>>
  readonly lr: readonly number[]
}

/** "|lr - ref| <= 1e-12 + 1e-9 |ref|", as the fixture states it. */
function readTolerance(text: string): { absolute: number; relative: number } {
  const match = /<= (\S+) \+ (\S+) \|ref\|/.exec(text)
  if (match === null) throw new Error(`Unreadable tolerance: ${text}`)
  return { absolute: Number(match[1]), relative: Number(match[2]) }
}

describeWithFixtures('schedulers equal torch', 'schedulers', (folder) => {
  const { tolerance, cases } = JSON.parse(readFileSync(join(folder, 'cases.json'), 'utf8')) as {
    tolerance: string
    cases: Record<string, Case>
  }
  const { absolute, relative } = readTolerance(tolerance)
  const ours = Object.entries(cases).filter(([, { scheduler }]) => schedulers.names.includes(scheduler))

  it('has cases', () => {
    expect(ours.length).toBeGreaterThan(0)
  })

  it.each(ours)('%s', (_, { scheduler, base_lr, arguments: given, lr }) => {
    const method = schedulers.get(scheduler)
    const args = method.arguments.parse(given)
    for (const [t, expected] of lr.entries()) {
      const difference = Math.abs(method.rate(base_lr, t, args, lr.length) - expected)
      expect(difference, `epoch ${t}`).toBeLessThanOrEqual(absolute + relative * Math.abs(expected))
    }
  })
})

describe('schedulers', () => {
  it('CosineAnnealingLR takes the epochs of the run when T_max is left out', () => {
    const cosine = schedulers.get('CosineAnnealingLR')
    const args = cosine.arguments.parse({ eta_min: 0.01 })
    expect(cosine.rate(1, 0, args, 20)).toBe(1)
    expect(cosine.rate(1, 10, args, 20)).toBeCloseTo(0.505, 12)
    expect(cosine.rate(1, 20, args, 20)).toBeCloseTo(0.01, 12)
  })

  it('constant stays', () => {
    expect([0, 7, 1000].map((t) => schedulers.get('constant').rate(0.3, t, {}, 10))).toEqual([0.3, 0.3, 0.3])
  })
})
