import { describe, expect, it } from 'vitest'
import type { LossConfig } from '../../../src/core/experiment.ts'
import { valuesOf } from '../../parity/fixtureFiles.ts'
import { runners } from '../../parity/lowerings.ts'
import { readLosses, runLoss } from '../../parity/losses.ts'
import { readTolerance } from '../../parity/tolerance.ts'
import { describeWithFixtures } from '../../shared.ts'

const all = await runners()

// The references have targets of 0 and 1 for every element. One logit x against 0 or 1 is two classes of logits x and −x:
// both of their terms are the one of x, smoothed or not.
describeWithFixtures(
  'SoftBCEWithLogitsLoss equals segmentation_models_pytorch element by element',
  'losses',
  (folder) => {
    const { cases, tensors, tolerance } = readLosses(folder)
    const ours = cases.filter(({ loss, args }) => loss === 'SoftBCEWithLogitsLoss' && !('pos_weight' in args))

    it('has cases', () => {
      expect(ours.length).toBeGreaterThan(0)
    })

    describe.each(all)('$name', (lowering) => {
      it.each(ours)('$id', async ({ id, args, data, value }) => {
        const x = valuesOf(tensors, `data/${data}/logits`)
        const labels = Array.from(valuesOf(tensors, `data/${data}/target`), (label) =>
          label === args['ignore_index'] ? -1 : 1 - label,
        )
        const logits = Float32Array.from([...x, ...Array.from(x, (logit) => -logit)])
        const config: LossConfig = {
          name: 'SoftBCEWithLogitsLoss',
          weight: 1,
          smooth_factor: args['smooth_factor'] ?? null,
        }
        const { loss, gradient } = await runLoss(lowering, [config], [1, 2, 1, x.length], logits, labels)

        const allowed = readTolerance(tolerance.value)
        expect(Math.abs(loss - Number(value))).toBeLessThan(
          allowed.absolute + allowed.relative * Math.abs(Number(value)),
        )
        const slopes = Array.from(valuesOf(tensors, `grad/${id}`))
        const bound = readTolerance(tolerance.gradient)
        const largest = Math.max(...slopes.map(Math.abs))
        const errors = slopes.map((slope, index) => Math.abs(gradient[index] - gradient[x.length + index] - slope))
        expect(Math.max(...errors)).toBeLessThan(bound.absolute + bound.relative * largest)
      })
    })
  },
)

describe.each(all)('SoftBCEWithLogitsLoss, $name', (lowering) => {
  it('smooths targets towards the middle, and divides by ignored elements too', async () => {
    const logits = [1, -2, 0.5, 3, 0, -1]
    const [smooth_factor, labels] = [0.2, [0, 1, 255]]
    const config: LossConfig = { name: 'SoftBCEWithLogitsLoss', weight: 1, smooth_factor }
    const element = (p: number, c: number): number => {
      const x = logits[c * 3 + p]
      const target = labels[p] === c ? 1 - smooth_factor : smooth_factor
      return Math.log1p(Math.exp(x)) - x * target
    }
    const sum = element(0, 0) + element(0, 1) + element(1, 0) + element(1, 1)
    const run = (args: object) => runLoss(lowering, [{ ...config, ...args }], [1, 2, 1, 3], logits, labels)
    expect((await run({})).loss).toBeCloseTo(sum / 6, 6)
    expect((await run({ reduction: 'sum' })).loss).toBeCloseTo(sum, 5)
  })
})
