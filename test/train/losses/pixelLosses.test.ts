import { describe, expect, it } from 'vitest'
import type { LossConfig } from '../../../src/core/experiment.ts'
import { stream } from '../../../src/core/random.ts'
import { lowerings } from '../../parity/lowerings.ts'
import { runLoss } from '../../parity/losses.ts'

const all = await lowerings()
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
