import { describe, expect, it } from 'vitest'
import { constantPrediction } from '../../src/cli/constantPrediction.ts'
import { confusionMatrix, countsOf, scoresOf } from '../../src/core/metrics.ts'

describe('the constant prediction', () => {
  it('scores as if the most frequent class had been predicted everywhere', () => {
    const truth = [0, 0, 0, 2, 2, 1, 255]
    const counts = countsOf(confusionMatrix(truth, [2, 1, 0, 2, 0, 1, 0], 4, 255), 4)
    const everywhere = scoresOf(countsOf(confusionMatrix(truth, truth.map(() => 0), 4, 255), 4)) // prettier-ignore
    expect(constantPrediction([counts])).toEqual({ label: 0, scores: everywhere })
    expect(everywhere.mIoU).toBeCloseTo(3 / 6 / 3)
  })
})
