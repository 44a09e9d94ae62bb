import { describe, expect, it } from 'vitest'
import type { LossConfig } from '../../../src/core/experiment.ts'
import { stream } from '../../../src/core/random.ts'
import { runners } from '../../parity/lowerings.ts'
import { runLoss } from '../../parity/losses.ts'

const all = await runners()
const config = (name: string, args: object = {}): LossConfig => ({ name, weight: 1, ...args })

const [classes, pixels] = [3, 60]
const shape = [1, classes, 6, 10]
const random = stream(3, 'test')
const logits = Float32Array.from({ length: classes * pixels }, () => 3 * random.normal())
/** Every seventh pixel is ignored. */
const target = Array.from({ length: pixels }, (_, p) => (p % 7 === 0 ? 255 : random.integer(classes)))
const valid = target.flatMap((label, p) => (label === 255 ? [] : [{ label, p }]))

const logit = (p: number, c: number): number => logits[c * pixels + p]
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
function logProbability(p: number, c: number): number {
  return logit(p, c) - Math.log(sum([0, 1, 2].map((each) => Math.exp(logit(p, each)))))
}

/** The Lovász extension of one class: errors in descending order times the steps of the Jaccard loss. */
function lovaszOfClass(c: number, among: typeof valid): number {
  const errors = among
    .map(({ label, p }) => ({
      isTrue: label === c,
      error: Math.abs(Number(label === c) - Math.exp(logProbability(p, c))),
    }))
    .toSorted((a, b) => b.error - a.error)
  const size = errors.filter(({ isTrue }) => isTrue).length
  let [hits, others, before, loss] = [0, 0, 0, 0]
  for (const { isTrue, error } of errors) {
    if (isTrue) hits++
    else others++
    const jaccard = 1 - (size - hits) / (size + others)
    loss += error * (jaccard - before)
    before = jaccard
  }
  return loss
}

describe.each(all)('losses of single pixels, $name', (lowering) => {
  const run = (loss: LossConfig, labels: readonly number[] = target) => runLoss(lowering, [loss], shape, logits, labels)

  it('SoftCrossEntropyLoss: no smooth_factor is CrossEntropyLoss, but ignored pixels count in the mean', async () => {
    const hard = await run(config('CrossEntropyLoss'))
    const soft = await run(config('SoftCrossEntropyLoss'))
    expect(soft.loss).toBeCloseTo((hard.loss * valid.length) / pixels, 6)
    const summed = await run(config('SoftCrossEntropyLoss', { reduction: 'sum' }))
    expect(summed.loss / pixels).toBeCloseTo(soft.loss, 5)
  })

  it('FocalLoss: gamma 0 is the binary cross entropy of each class against the rest', async () => {
    const entropies = valid.flatMap(({ label, p }) =>
      [0, 1, 2].map((c) => Math.log1p(Math.exp(label === c ? -logit(p, c) : logit(p, c)))),
    )
    const { loss } = await run(config('FocalLoss', { gamma: 0 }))
    expect(loss).toBeCloseTo(sum(entropies) / entropies.length, 5)
    const summed = await run(config('FocalLoss', { gamma: 0, reduction: 'sum' }))
    expect(summed.loss / valid.length).toBeCloseTo(loss, 5)
  })

  it('FocalLoss: logits of exactly 0 have the gradient of their neighbours', async () => {
    const of = (value: number) =>
      runLoss(lowering, [config('FocalLoss')], [1, 2, 1, 1], Float32Array.of(value, value), [1])
    const [zero, near] = await Promise.all([of(0), of(1e-4)])
    expect(Math.abs(near.gradient[0])).toBeGreaterThan(0.1)
    zero.gradient.forEach((slope, index) => {
      expect(slope).toBeCloseTo(near.gradient[index], 3)
    })
  })

  it('LovaszLoss: the mean over classes that are present, ignored pixels in no place of the order', async () => {
    const { loss } = await run(config('LovaszLoss'))
    expect(loss).toBeCloseTo(sum([0, 1, 2].map((c) => lovaszOfClass(c, valid))) / 3, 5)
    const two = target.map((label) => (label === 1 ? 255 : label))
    const among = valid.filter(({ label }) => label !== 1)
    const present = await run(config('LovaszLoss'), two)
    expect(present.loss).toBeCloseTo((lovaszOfClass(0, among) + lovaszOfClass(2, among)) / 2, 5)
  })

  it('LovaszLoss per image: the mean over images, and one without a pixel that counts is left out', async () => {
    const both = Float32Array.from({ length: 2 * logits.length }, (_, index) => logits[index % logits.length] / 2)
    both.set(logits)
    const of = (labels: readonly number[]) =>
      runLoss(lowering, [config('LovaszLoss', { per_image: true })], [2, ...shape.slice(1)], both, labels)
    const ignored = target.map(() => 255)
    const [first, second] = [await of([...target, ...ignored]), await of([...ignored, ...target])]
    expect(first.loss).toBeCloseTo((await run(config('LovaszLoss'))).loss, 6)
    expect(second.loss).not.toBeCloseTo(first.loss, 3)
    expect((await of([...target, ...target])).loss).toBeCloseTo((first.loss + second.loss) / 2, 6)
  })

  it.each([
    [0.7, 100000],
    [0.7, 5],
    [0.2, 30],
    [0, 30],
    [0, 0],
    [1, 3],
  ])('OhemCrossEntropyLoss: thresh %d, min_kept %d by sorting', async (thresh, min_kept) => {
    const losses = valid.map(({ label, p }) => -logProbability(p, label)).toSorted((a, b) => b - a)
    const probabilities = losses.map((loss) => Math.exp(-loss))
    const threshold = Math.max(probabilities[Math.min(min_kept, valid.length - 1)], thresh)
    const kept = losses.filter((_, index) => probabilities[index] < threshold)
    const { loss, gradient } = await run(config('OhemCrossEntropyLoss', { thresh, min_kept }))
    expect(loss).toBeCloseTo(sum(kept) / Math.max(kept.length, 1), 5)
    const moved = target.filter((_, p) => [0, 1, 2].some((c) => gradient[c * pixels + p] !== 0))
    expect(moved).toHaveLength(kept.length)
  })
})
