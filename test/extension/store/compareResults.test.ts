import { describe, expect, it } from 'vitest'
import { UserError } from '../../../src/core/errors.ts'
import { parseProject } from '../../../src/core/project.ts'
import { compareResults } from '../../../src/extension/store/compareResults.ts'
import { projectSample } from '../../runs/folders.ts'
import { result } from '../tree/treeSamples.ts'

const project = parseProject(projectSample, () => ({}))

function compared(...given: Parameters<typeof compareResults>): Exclude<ReturnType<typeof compareResults>, UserError> {
  const comparison = compareResults(...given)
  if (comparison instanceof UserError) throw comparison
  return comparison
}

describe('the comparison of all results', () => {
  it('has every experiment with its differences and changed conditions', () => {
    const slow = { scheduler: { name: 'ConstantLR' } }
    const results = [result('baseline.f0.s0', 0.5), result('slow.f0.s0', 0.6, slow)]
    const comparison = compared(results, () => project)
    expect([...comparison.keys()]).toEqual(['baseline', 'slow'])
    expect(comparison.get('slow')?.fromBaseline[0].value).toBeCloseTo(0.1)
    expect(comparison.get('slow')?.changes).toMatchObject([{ words: 'scheduler: CosineAnnealingLR → ConstantLR' }])
    expect(comparison.get('baseline')?.changes).toEqual([])
  })

  it('knows no changes of conditions that another version recorded, and none without the baseline', () => {
    const foreign = { ...result('foreign.f0.s0', 0.6), config: {} }
    const changes = (...results: Parameters<typeof compareResults>[0][]): unknown =>
      compared(results.flatMap((each) => [...each]), () => project).get('foreign')?.changes // prettier-ignore
    expect(changes([result('baseline.f0.s0', 0.5)], [foreign])).toBeUndefined()
    expect(changes([foreign])).toEqual([])
  })

  it('is the error where splits differ or the project file is broken', () => {
    const other = { ...result('new.f0.s0', 0.6), splitHash: 'another' }
    expect(compareResults([result('baseline.f0.s0', 0.5), other], () => project)).toBeInstanceOf(UserError)
    const broken = new UserError('broken')
    const readBroken = (): never => {
      throw broken
    }
    expect(compareResults([], readBroken)).toBe(broken)
  })
})
