import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UserError } from '../../src/core/errors.ts'
import { checkExperimentName, isExperimentName, parseRunName, runName } from '../../src/protocol/runName.ts'

describe('the name of a run', () => {
  it('says experiment, fold and seed, and counts repetitions from the second', () => {
    expect(runName({ experiment: 'cutout', fold: 3, seed: 42, attempt: 1 })).toBe('cutout.f3.s42')
    expect(runName({ experiment: 'cutout', fold: 3, seed: 42, attempt: 2 })).toBe('cutout.f3.s42.2')
  })

  it('is parsed back to what it was made of', () => {
    const identity = fc.record({
      experiment: fc.constantFrom('a', 'f0', 'hr-net_w18', '실험', '2', 'a-f0-s1'),
      fold: fc.nat(),
      seed: fc.nat(),
      attempt: fc.integer({ min: 1, max: 5000 }),
    })
    fc.assert(
      fc.property(identity, (parts) => {
        expect(parseRunName(runName(parts))).toEqual(parts)
      }),
    )
  })

  it.each([
    'cutout',
    'cutout.f3',
    '.f3.s1',
    'a.f3.s1.1',
    'a.f3.s1.0',
    'a.f03.s1',
    'a.f3.s-1',
    '../a.f0.s0',
    'a/b.f0.s0',
  ])('is not %s', (name) => {
    expect(parseRunName(name)).toBeUndefined()
  })
})

describe('the name of an experiment', () => {
  it.each([
    '',
    '.',
    '..',
    '.git',
    '-rf',
    'a/b',
    'a\\b',
    'a b',
    'a\n',
    'a\0',
    'con',
    'NUL.x',
    'a.',
    'C:',
    'x'.repeat(81),
  ])('is never %j', (name) => {
    expect(isExperimentName(name)).toBe(false)
    expect(() => {
      checkExperimentName(name)
    }).toThrow(UserError)
  })

  it.each(['baseline', 'hr_w18-v2', '기준선', '3x'])('may be %s', (name) => {
    expect(() => {
      checkExperimentName(name)
    }).not.toThrow()
  })
})
