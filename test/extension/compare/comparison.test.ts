import { describe, expect, it, vi } from 'vitest'
import { classDifferences } from '../../../src/extension/compare/classDifferences.ts'
import { comparisonMarkdown, refusedMarkdown } from '../../../src/extension/compare/comparisonMarkdown.ts'
import { comparisonModel } from '../../../src/extension/compare/comparisonModel.ts'
import type { RunResult } from '../../../src/protocol/runFolder.ts'
import { resultOf } from '../samples.ts'

vi.mock('vscode', () => import('../vscodeTexts.ts'))

const project = { baseline: 'baseline', primary_metric: 'mIoU' } as const

function config(augment: readonly object[]): RunResult['config'] {
  return {
    model: { arch: 'Unet', encoder_name: 'resnet18' },
    loss: [{ name: 'DiceLoss', weight: 1 }],
    optimizer: { name: 'Adam', lr: 0.001 },
    scheduler: { name: 'CosineAnnealingLR' },
    augment,
    data: { image_size: null, batch_size: 4, accumulate_grad_batches: 1 },
    train: { epochs: 20, seed: 0 },
  }
}

const base = [resultOf('baseline.f0.s0', 0.6, [0.5, 0.7]), resultOf('baseline.f1.s0', 0.62, [0.54, 0.7])].map(
  (result) => ({ ...result, config: config([]) }),
)
const cutout = [resultOf('cutout.f0.s0', 0.7, [0.6, 0.8]), resultOf('cutout.f1.s0', 0.72, [0.64, 0.8])].map(
  (result) => ({ ...result, config: config([{ name: 'CoarseDropout', p: 1 }]) }),
)

function markdown(results: readonly RunResult[], ...experiments: readonly string[]): string {
  return comparisonMarkdown(comparisonModel(results, project, experiments))
}

describe('differences by class', () => {
  it('pair folds, and average seeds within them', () => {
    const own = [...cutout, resultOf('cutout.f0.s1', 0, [0.8, 0.8]), resultOf('cutout.f5.s0', 0, [0, 0])]
    const [a, b] = classDifferences(own, base)
    expect(a.name).toBe('a')
    expect(a.baseline).toBeCloseTo(0.52)
    expect(a.value).toBeCloseTo((0.7 + 0.64) / 2)
    expect(a.difference).toBeCloseTo(0.15)
    expect(b.difference).toBeCloseTo(0.1)
  })

  it('leave out a class that was never measured on a common fold', () => {
    expect(classDifferences([resultOf('x.f0.s0', 0.5, [0.5, null])], base).map(({ name }) => name)).toEqual(['a'])
  })
})

describe('a comparison with the baseline', () => {
  it('is a document with scores, paired differences, the verdict, what changed, and classes', () => {
    expect(markdown([...base, ...cutout], 'cutout')).toMatchInlineSnapshot(`
      "# Comparison with the baseline "baseline"

      > The noise floor is mIoU 0.014: so much do the 2 runs of the baseline differ among themselves.

      | experiment | mIoU | runs | difference from baseline, paired by fold | fold 0 | fold 1 |
      | --- | ---: | ---: | ---: | ---: | ---: |
      | baseline | 0.610 ± 0.014 | 2 | baseline |  |  |
      | cutout | 0.710 ± 0.014 | 2 | +0.100 ± 0.000 better | +0.100 | +0.100 |

      ## cutout

      What changed:

      - augmentation: + CoarseDropout

      | class | baseline IoU | cutout IoU | difference |
      | --- | ---: | ---: | ---: |
      | a | 0.520 | 0.620 | +0.100 |
      | b | 0.700 | 0.800 | +0.100 |
      "
    `)
  })

  it('says that one run proves nothing', () => {
    const text = markdown([base[0], cutout[0]], 'cutout')
    expect(text).toContain('> Only one run each: baseline, cutout. One run cannot tell')
    expect(text).toContain('> The noise floor is unknown')
    expect(text).toContain('+0.100 noise floor unknown, by one run only')
  })

  it('does not call one run better without saying that it is one', () => {
    expect(markdown([...base, cutout[0]], 'cutout')).toContain('| +0.100 better, by one run only |')
  })

  it('calls a difference that the baseline itself shows no difference', () => {
    const noisy = [resultOf('baseline.f0.s0', 0.5), resultOf('baseline.f1.s0', 0.9)]
    const other = [resultOf('x.f0.s0', 0.55), resultOf('x.f1.s0', 0.95)]
    expect(markdown([...noisy, ...other], 'x')).toContain('+0.050 ± 0.000 inside the noise floor')
  })

  it('says what has no results, and that nothing can be told without the baseline', () => {
    const text = markdown(cutout, 'cutout', 'later')
    expect(text).toContain('> The baseline "baseline" has no results yet')
    expect(text).toContain('> later has no results yet.')
    expect(text).toContain('no fold in common')
    expect(text).not.toContain('What changed')
  })

  it('is not disturbed by results of other experiments from another split', () => {
    const foreign = { ...resultOf('foreign.f0.s0', 0.9), splitHash: 'other' }
    expect(markdown([...base, ...cutout, foreign], 'cutout')).not.toContain('foreign')
    expect(() => comparisonModel([...base, foreign], project, ['foreign'])).toThrow('different splits')
  })

  it('warns where images changed in between', () => {
    const changed = cutout.map((result) => ({ ...result, dataHash: 'new' }))
    expect(markdown([...base, ...changed], 'cutout')).toContain('> The images or masks changed between these runs.')
  })

  it('shows names of classes as they are', () => {
    const odd = (result: RunResult): RunResult => ({
      ...result,
      scores: { ...result.scores, classes: ['a|b', '<i>*'] },
    })
    const text = markdown([...base.map(odd), ...cutout.map(odd)], 'cutout')
    expect(text).toContain(String.raw`| a\|b |`)
    expect(text).toContain(String.raw`| \<i\>\* |`)
  })

  it('says why it is refused', () => {
    expect(refusedMarkdown('the split *differs*\n  to do: train again')).toBe(
      '# These experiments cannot be compared\n\nthe split \\*differs\\*  \nto do: train again\n',
    )
  })
})
