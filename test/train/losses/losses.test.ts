import { describe, expect, it } from 'vitest'
import type { LossConfig } from '../../../src/core/experiment.ts'
import { runners } from '../../parity/lowerings.ts'
import { runLoss } from '../../parity/losses.ts'

const all = await runners()

/** Four pixels of three classes, [1, 3, 2, 2]. */
const shape = [1, 3, 2, 2]
const logits = [2, -1, 0.5, 0, 0, 1, -0.5, 3, -1, 0, 2, 0.25]
const ignored = [255, 255, -1, 3]

const crossEntropy = (args: object = {}): LossConfig => ({ name: 'CrossEntropyLoss', weight: 1, ...args })
const dice = (args: object = {}): LossConfig => ({ name: 'DiceLoss', weight: 1, ...args })

/** softmax of pixel p for class c. */
function probability(p: number, c: number): number {
  const scores = [0, 1, 2].map((each) => Math.exp(logits[each * 4 + p]))
  return scores[c] / scores.reduce((sum, score) => sum + score, 0)
}

/** Soft Dice coefficient of one class, by its definition. */
function coefficient(target: readonly number[], c: number, pixels: readonly number[]): number {
  const sum = (value: (p: number) => number): number => pixels.reduce((total, p) => total + value(p), 0)
  const truth = (p: number): number => Number(target[p] === c)
  return (2 * sum((p) => probability(p, c) * truth(p))) / (sum((p) => probability(p, c)) + sum(truth))
}

describe.each(all)('losses, $name', (lowering) => {
  const run = (configs: readonly LossConfig[], target: readonly number[]) =>
    runLoss(lowering, configs, shape, logits, target)

  it('DiceLoss: an absent class adds nothing, and the mean still divides by all classes', async () => {
    const target = [0, 0, 1, 0]
    const expected = [0, 1].reduce((sum, c) => sum + 1 - coefficient(target, c, [0, 1, 2, 3]), 0) / 3
    expect((await run([dice()], target)).loss).toBeCloseTo(expected, 6)
  })

  it('DiceLoss: ignored pixels are neither predicted nor true', async () => {
    const target = [0, 255, 1, 2]
    const expected = [0, 1, 2].reduce((sum, c) => sum + 1 - coefficient(target, c, [0, 2, 3]), 0) / 3
    const { loss, gradient } = await run([dice()], target)
    expect(loss).toBeCloseTo(expected, 6)
    expect([0, 1, 2].map((c) => gradient[c * 4 + 1])).toEqual([0, 0, 0])
  })

  it('TverskyLoss: false positives weigh alpha, false negatives beta, and gamma is the power of the mean', async () => {
    const target = [0, 0, 1, 2]
    const tversky = (args: object): LossConfig => ({ name: 'TverskyLoss', weight: 1, ...args })
    const index = (c: number): number => {
      const sum = (value: (p: number) => number): number => [0, 1, 2, 3].reduce((total, p) => total + value(p), 0)
      const hit = sum((p) => (target[p] === c ? probability(p, c) : 0))
      const falsePositives = sum((p) => (target[p] === c ? 0 : probability(p, c)))
      const falseNegatives = sum((p) => (target[p] === c ? 1 - probability(p, c) : 0))
      return hit / (hit + 0.2 * falsePositives + 0.9 * falseNegatives)
    }
    const mean = [0, 1, 2].reduce((sum, c) => sum + 1 - index(c), 0) / 3
    const args = { alpha: 0.2, beta: 0.9 }
    expect((await run([tversky(args)], target)).loss).toBeCloseTo(mean, 6)
    expect((await run([tversky({ ...args, gamma: 1.5 })], target)).loss).toBeCloseTo(mean ** 1.5, 6)
    expect((await run([tversky({})], target)).loss).toBeCloseTo((await run([dice()], target)).loss, 6)
  })

  it('JaccardLoss: classes that do not count leave the mean', async () => {
    const target = [0, 0, 1, 2]
    const jaccard = (classes: readonly number[] | null): LossConfig => ({ name: 'JaccardLoss', weight: 1, classes })
    const [all, ...each] = await Promise.all([null, [0], [1], [2]].map((classes) => run([jaccard(classes)], target)))
    expect(all.loss).toBeCloseTo(each.reduce((sum, { loss }) => sum + loss, 0) / 3, 6)
  })

  it.each([
    ['CrossEntropyLoss', [crossEntropy()]],
    ['CrossEntropyLoss, weighted and smoothed', [crossEntropy({ class_weights: [1, 2, 3], label_smoothing: 0.1 })]],
    ['CrossEntropyLoss, summed', [crossEntropy({ reduction: 'sum' })]],
    ['DiceLoss', [dice()]],
    ['DiceLoss, −log', [dice({ log_loss: true })]],
    ['JaccardLoss', [{ name: 'JaccardLoss', weight: 1 }]],
    ['TverskyLoss, squared', [{ name: 'TverskyLoss', weight: 1, gamma: 2 }]],
    ['FocalTverskyLoss', [{ name: 'FocalTverskyLoss', weight: 1 }]],
    ['LogCoshDiceLoss', [{ name: 'LogCoshDiceLoss', weight: 1 }]],
    ['FocalLoss', [{ name: 'FocalLoss', weight: 1 }]],
    ['FocalLoss, normalized', [{ name: 'FocalLoss', weight: 1, normalized: true }]],
    ['SoftCrossEntropyLoss', [{ name: 'SoftCrossEntropyLoss', weight: 1, smooth_factor: 0.1 }]],
    ['SoftBCEWithLogitsLoss', [{ name: 'SoftBCEWithLogitsLoss', weight: 1, smooth_factor: 0.1 }]],
    ['OhemCrossEntropyLoss', [{ name: 'OhemCrossEntropyLoss', weight: 1 }]],
    ['LovaszLoss', [{ name: 'LovaszLoss', weight: 1 }]],
    ['LovaszLoss, per image', [{ name: 'LovaszLoss', weight: 1, per_image: true }]],
    ['LovaszLoss of the hinge', [{ name: 'LovaszLoss', weight: 1, mode: 'multilabel', per_image: true }]],
    ['SoftBCEWithLogitsLoss, weighed', [{ name: 'SoftBCEWithLogitsLoss', weight: 1, pos_weight: [1, 2, 3] }]],
    ['MCCLoss', [{ name: 'MCCLoss', weight: 1 }]],
    ['BoundaryLoss', [{ name: 'BoundaryLoss', weight: 1 }]],
    ['HausdorffDTOneSidedLoss', [{ name: 'HausdorffDTOneSidedLoss', weight: 1 }]],
    ['a sum of both', [crossEntropy({ weight: 0.5 }), dice({ weight: 0.5 })]],
  ])('%s of nothing but ignored pixels is 0 with gradient 0', async (_, configs) => {
    const { loss, gradient } = await run(configs, ignored)
    expect(loss).toBeCloseTo(0, 30)
    expect(gradient.every((slope) => Math.abs(slope) === 0)).toBe(true)
  })

  it('MCCLoss: the mean over the classes that are there, each against the rest', async () => {
    const target = [0, 255, 1, 0]
    const coefficient = (c: number): number => {
      const sum = (value: (p: number) => number): number => [0, 2, 3].reduce((left, p) => left + value(p), 1e-5)
      const [hit, miss] = [(p: number) => Number(target[p] === c), (p: number) => Number(target[p] !== c)]
      const tp = sum((p) => probability(p, c) * hit(p))
      const fp = sum((p) => probability(p, c) * miss(p))
      const fn = sum((p) => (1 - probability(p, c)) * hit(p))
      const tn = sum((p) => (1 - probability(p, c)) * miss(p))
      return (tp * tn - fp * fn) / Math.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn))
    }
    const { loss } = await run([{ name: 'MCCLoss', weight: 1 }], target)
    expect(loss).toBeCloseTo(1 - (coefficient(0) + coefficient(1)) / 2, 5)
  })

  it('of distances weigh by how far from its class a pixel lies', async () => {
    const target = [0, 0, 1, 255]
    const root = Math.SQRT2
    // Class 0 is the upper row, class 1 the lower left pixel; the ignored one is outside of both.
    const signed = [
      [0, 0, 1, 1],
      [1, root, 0, 1],
      [0, 0, 0, 0],
    ]
    const inside = (p: number, c: number): number => Number(target[p] === c)
    const mean = (classes: readonly number[], value: (p: number, c: number) => number): number =>
      classes.reduce((left, c) => left + [0, 1, 2].reduce((sum, p) => sum + value(p, c), 0), 0) / (3 * classes.length)
    const boundary = (p: number, c: number): number => probability(p, c) * signed[c][p]
    const config = { name: 'BoundaryLoss', weight: 1 }
    expect((await run([config], target)).loss).toBeCloseTo(mean([0, 1, 2], boundary), 6)
    expect((await run([{ ...config, classes: [1] }], target)).loss).toBeCloseTo(mean([1], boundary), 6)

    const squared = (p: number, c: number): number =>
      (probability(p, c) - inside(p, c)) ** 2 * (signed[c][p] + inside(p, c)) ** 2
    const hausdorff = { name: 'HausdorffDTOneSidedLoss', weight: 1 }
    expect((await run([hausdorff], target)).loss).toBeCloseTo(mean([0, 1, 2], squared), 6)
  })

  it('CrossEntropyLoss: class weights weigh the pixels and their number', async () => {
    const [target, weights] = [
      [0, 1, 2, 255],
      [1, 4, 0.5],
    ]
    const terms = [0, 1, 2].map((p) => -weights[target[p]] * Math.log(probability(p, target[p])))
    const expected = terms.reduce((sum, term) => sum + term, 0) / 5.5
    expect((await run([crossEntropy({ class_weights: weights })], target)).loss).toBeCloseTo(expected, 6)
    const summed = await run([crossEntropy({ class_weights: weights, reduction: 'sum' })], target)
    expect(summed.loss).toBeCloseTo(expected * 5.5, 5)
  })

  it.each([0, 0.1])('CrossEntropyLoss: pixels of weight 0 alone give 0, smoothing %d', async (label_smoothing) => {
    const config = crossEntropy({ class_weights: [0, 1, 1], label_smoothing })
    const { loss, gradient } = await run([config], [0, 0, 0, 255])
    expect(loss).toBeCloseTo(0, 30)
    expect(gradient.every((slope) => Math.abs(slope) === 0)).toBe(true)
  })

  it('a weighted sum is the sum of its weighted parts', async () => {
    const target = [0, 1, 2, 255]
    const [first, second] = await Promise.all([run([crossEntropy()], target), run([dice()], target)])
    const sum = await run([crossEntropy({ weight: 0.25 }), dice({ weight: 3 })], target)
    expect(sum.loss).toBeCloseTo(0.25 * first.loss + 3 * second.loss, 6)
    sum.gradient.forEach((slope, index) => {
      expect(slope).toBeCloseTo(0.25 * first.gradient[index] + 3 * second.gradient[index], 6)
    })
  })
})
