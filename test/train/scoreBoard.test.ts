import { describe, expect, it } from 'vitest'
import { ScoreBoard } from '../../src/train/scoreBoard.ts'

describe('the score board', () => {
  it('keeps a table per image and pools them', () => {
    const board = new ScoreBoard(['sky', 'road', 'never seen'])
    // Rows are the truth: 8 of 10 sky pixels right, 2 called road; then 5 road pixels right.
    const first = [8, 2, 0, 0, 0, 0, 0, 0, 0]
    const second = [0, 0, 0, 0, 5, 0, 0, 0, 0]
    board.add(['a', 'b'], 0.5, [...first, ...second])
    expect(board.images[0]).toEqual({ image: 'a', tp: [8, 0, 0], fp: [0, 2, 0], fn: [2, 0, 0], tn: [0, 8, 10] })
    const { mIoU, perClassIoU, pixelAccuracy, loss } = board.scores
    expect(perClassIoU).toEqual([0.8, 5 / 7, null])
    expect(mIoU).toBeCloseTo((0.8 + 5 / 7) / 2, 12)
    expect(pixelAccuracy).toBeCloseTo(13 / 15, 12)
    expect(loss).toBe(0.5)
  })

  it('weighs the losses of batches by their images', () => {
    const board = new ScoreBoard(['only'])
    board.add(['a', 'b', 'c'], 1, [1, 1, 1])
    board.add(['d'], 5, [1])
    expect(board.scores.loss).toBe(2)
  })
})
