import { describe, expect, it } from 'vitest'
import { baselineRuns } from '../../../src/extension/panels/overlayBaseline.ts'
import { overlayRun } from '../../../src/extension/panels/overlayRun.ts'
import { parseRunName } from '../../../src/protocol/runName.ts'

const classes = [
  { id: 5, name: 'road', color: '#ff0000' },
  { id: 2, name: 'sky' },
]

describe('the run that an overlay shows', () => {
  const run = overlayRun({
    classes,
    scores: [
      { image: 'a.png', tp: [8, 0], fp: [2, 0], fn: [0, 2], tn: [0, 8] },
      { image: 'b.png', tp: [10, 0], fp: [0, 0], fn: [0, 0], tn: [0, 10] },
      { image: 'nothing.png', tp: [0, 0], fp: [0, 0], fn: [0, 0], tn: [0, 0] },
    ],
    epoch: 3,
    isTraining: false,
  })

  it('has its classes in the order of its numbers: by ascending id', () => {
    expect(run.classes).toEqual([
      { name: 'sky', color: undefined },
      { name: 'road', color: '#ff0000' },
    ])
  })

  it('scores an image by the mean over the classes that occur in truth or prediction', () => {
    expect(run.images.map(({ score }) => score)).toEqual([(8 / 10 + 0) / 2, 1, null])
    expect(run.images[1].iou).toEqual([1, null])
  })

  it('scores the fold by the pixels of all images, not by the mean of their scores', () => {
    expect(run.fold.iou).toEqual([18 / 20, 0])
    expect(run.fold.score).toBeCloseTo(0.45)
  })

  it('refuses scores of other classes', () => {
    const scores = [{ image: 'a.png', tp: [1], fp: [1], fn: [1], tn: [1] }]
    expect(() => overlayRun({ classes, scores, epoch: 1, isTraining: false })).toThrow(/not of the classes/)
  })
})

describe('the runs of the baseline to compare with', () => {
  const named = (name: string): { name: string; identity: NonNullable<ReturnType<typeof parseRunName>> } => ({
    name,
    identity: parseRunName(name)!,
  })
  const runs = ['base.f0.s0', 'base.f0.s1', 'base.f0.s1.2', 'base.f0.s1.10', 'base.f1.s1', 'other.f0.s1'].map(named)

  it('are of the same fold: the same seed first, its last attempt first', () => {
    expect(baselineRuns(runs, parseRunName('cutout.f0.s1')!, 'base')).toEqual([
      'base.f0.s1.10',
      'base.f0.s1.2',
      'base.f0.s1',
      'base.f0.s0',
    ])
  })

  it('are other seeds where there is no run of the same one', () => {
    expect(baselineRuns(runs, parseRunName('cutout.f1.s7')!, 'base')).toEqual(['base.f1.s1'])
  })

  it('are none for the baseline itself and for a fold that it was not trained on', () => {
    expect(baselineRuns(runs, parseRunName('base.f0.s0')!, 'base')).toEqual([])
    expect(baselineRuns(runs, parseRunName('cutout.f4.s0')!, 'base')).toEqual([])
  })
})
