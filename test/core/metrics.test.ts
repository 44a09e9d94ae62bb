import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { confusionMatrix, countsOf, mergeCounts, scoresOf, type ClassCounts } from '../../src/core/metrics.ts'
import { decodeSafetensors } from '../../src/core/safetensors.ts'
import { describeWithFixtures } from '../shared.ts'

type Table = readonly (readonly number[])[]
type Nullable = readonly (number | null)[]

interface Case {
  readonly tp: Table
  readonly fp: Table
  readonly fn: Table
  readonly tn: Table
  readonly smp: Readonly<Partial<Record<string, Readonly<Record<string, unknown>>>>>
  readonly confusion_rows_truth?: Table
  readonly pixel_accuracy?: number
  readonly iou_per_class?: Nullable
  readonly dice_per_class?: Nullable
  readonly miou_over_classes_with_union?: number
}

function pooled({ tp, fp, fn, tn }: Case): ClassCounts {
  return mergeCounts(tp.map((_, i) => ({ tp: tp[i], fp: fp[i], fn: fn[i], tn: tn[i] })))
}

describe('scores', () => {
  it('leaves an absent class out of the mean and says how many classes entered', () => {
    const counts = countsOf(confusionMatrix([0, 0, 1, 1], [0, 1, 1, 1], 3, null), 3)
    const scores = scoresOf(counts)
    expect(scores.perClassIoU).toEqual([1 / 2, 2 / 3, null])
    expect(scores.mIoU).toBeCloseTo((1 / 2 + 2 / 3) / 2, 12)
    expect(scores.classesWithUnion).toBe(2)
    expect(scores.perClassRecall).toEqual([1 / 2, 1, null])
    expect(scores.perClassPrecision).toEqual([1, 2 / 3, null])
  })

  it('lets a class that is predicted but not in the truth enter with 0', () => {
    const scores = scoresOf(countsOf(confusionMatrix([0, 0], [0, 1], 2, null), 2))
    expect(scores.perClassIoU).toEqual([1 / 2, 0])
    expect(scores.mIoU).toBe(1 / 4)
  })

  it('counts ignored pixels nowhere', () => {
    const counts = countsOf(confusionMatrix([0, 255, 1], [0, 1, 1], 2, 255), 2)
    expect(counts).toEqual({ tp: [1, 1], fp: [0, 0], fn: [0, 0], tn: [1, 1] })
  })

  it('has no score without a valid pixel, or without images', () => {
    for (const counts of [countsOf(confusionMatrix([255], [0], 2, 255), 2), mergeCounts([])]) {
      expect(scoresOf(counts)).toMatchObject({
        mIoU: null,
        dice: null,
        pixelAccuracy: null,
        validPixels: 0,
        classesWithUnion: 0,
      })
    }
  })

  it('refuses labels of no class and tables of different classes', () => {
    expect(() => confusionMatrix([2], [0], 2, 255)).toThrow('outside')
    expect(() => confusionMatrix([0], [2], 2, 255)).toThrow('outside')
    expect(() => confusionMatrix([0], [], 2, 255)).toThrow('labels')
    const one = countsOf(confusionMatrix([0], [0], 1, null), 1)
    const two = countsOf(confusionMatrix([0], [0], 2, null), 2)
    expect(() => mergeCounts([one, two])).toThrow('cannot be pooled')
  })
})

describeWithFixtures('metrics equal the reference', 'metrics', (folder) => {
  const reference = JSON.parse(readFileSync(join(folder, 'cases.json'), 'utf8')) as {
    num_classes: number
    ignore_index: number
    tolerance: string
    cases: Record<string, Case>
  }
  const { num_classes: classes, ignore_index: ignored } = reference
  const tolerance = Number(/<= (\S+)/.exec(reference.tolerance)?.[1])
  const { tensors } = decodeSafetensors(readFileSync(join(folder, 'tensors.safetensors')))
  const expectClose = (actual: Nullable, expected: Nullable): void => {
    expect(actual.map((value) => value === null)).toEqual(expected.map((value) => value === null))
    for (const [c, value] of expected.entries())
      expect(Math.abs((actual[c] ?? 0) - (value ?? 0)), `class ${c}`).toBeLessThanOrEqual(tolerance)
  }
  const whole = Object.entries(reference.cases).filter(([, one]) => one.confusion_rows_truth !== undefined)

  it('has cases and a tolerance', () => {
    expect(whole.length).toBeGreaterThan(0)
    expect(tolerance).toBeGreaterThan(0)
  })

  it.each(whole)('%s: confusion and counts per image', (name, one) => {
    const target = tensors.get(`${name}/target`)!
    const prediction = tensors.get(`${name}/prediction`)!
    const pixels = target.data.length / target.shape[0]
    const sum = new Float64Array(classes * classes)
    for (let image = 0; image < target.shape[0]; image++) {
      const labels = (tensor: typeof target): Uint8Array =>
        (tensor.data as Uint8Array).subarray(image * pixels, (image + 1) * pixels)
      const confusion = confusionMatrix(labels(target), labels(prediction), classes, ignored)
      expect(countsOf(confusion, classes)).toEqual({
        tp: one.tp[image],
        fp: one.fp[image],
        fn: one.fn[image],
        tn: one.tn[image],
      })
      for (const [cell, count] of confusion.entries()) sum[cell] += count
    }
    expect([...sum]).toEqual(one.confusion_rows_truth!.flat())
    expect(countsOf(sum, classes)).toEqual(pooled(one))
  })

  it.each(whole)('%s: pooled scores', (_, one) => {
    const scores = scoresOf(pooled(one))
    expectClose(scores.perClassIoU, one.iou_per_class!)
    expectClose(scores.perClassDice, one.dice_per_class!)
    expectClose([scores.mIoU, scores.pixelAccuracy], [one.miou_over_classes_with_union!, one.pixel_accuracy!])
    expect(scores.classesWithUnion).toBe(one.iou_per_class!.filter((value) => value !== null).length)
  })

  it.each(Object.entries(reference.cases))('%s: scores per image equal SMP wherever they are defined', (_, one) => {
    const smp = (score: string): Table | undefined => one.smp[score]?.['none|zero_division=0'] as Table | undefined
    for (const [score, key] of [
      ['iou_score', 'perClassIoU'],
      ['f1_score', 'perClassDice'],
      ['precision', 'perClassPrecision'],
      ['recall', 'perClassRecall'],
    ] as const) {
      for (const [image, expected] of (smp(score) ?? []).entries()) {
        const actual = scoresOf({ tp: one.tp[image], fp: one.fp[image], fn: one.fn[image], tn: one.tn[image] })[key]
        for (const [c, value] of actual.entries())
          if (value !== null) expect(Math.abs(value - expected[c])).toBeLessThanOrEqual(tolerance)
      }
    }
  })
})
