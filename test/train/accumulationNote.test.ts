import { describe, expect, it } from 'vitest'
import { stream } from '../../src/core/random.ts'
import { accumulationNote, batchLosses } from '../../src/train/accumulationNote.ts'
import { losses } from '../../src/train/losses/registry.ts'
import { runners } from '../parity/lowerings.ts'
import { runLoss } from '../parity/losses.ts'

const plain = (await runners()).find(({ name }) => name === 'plain')!
const [classes, area] = [3, 48]
const random = stream(5, 'test')
const logits = Float32Array.from({ length: 2 * classes * area }, () => 2 * random.normal())
const target = Array.from({ length: 2 * area }, () => random.integer(classes))

/** Of both images, or of one. */
async function lossOf(name: string, from: number, to: number): Promise<number> {
  const shape = [to - from, classes, 6, 8]
  const scores = logits.slice(from * classes * area, to * classes * area)
  return (await runLoss(plain, [{ name, weight: 1 }], shape, scores, target.slice(from * area, to * area))).loss
}

describe('accumulation of gradients', () => {
  it.each(losses.names)('%s of a batch is the mean of its images unless it is listed', async (name) => {
    const [both, first, second] = [await lossOf(name, 0, 2), await lossOf(name, 0, 1), await lossOf(name, 1, 2)]
    const difference = Math.abs(both - (first + second) / 2)
    if (batchLosses.has(name)) expect(difference).toBeGreaterThan(1e-5)
    else expect(difference).toBeLessThan(1e-5)
  })

  it('says what does not see the whole batch', () => {
    const config = (count: number, ...names: readonly string[]) => ({
      data: { image_size: null, batch_size: 4, accumulate_grad_batches: count },
      loss: names.map((name) => ({ name, weight: 1 })),
    })
    expect(accumulationNote(config(1, 'DiceLoss'), true)).toBeUndefined()
    expect(accumulationNote(config(8, 'CrossEntropyLoss'), false)).toBeUndefined()
    expect(accumulationNote(config(8, 'CrossEntropyLoss', 'DiceLoss'), true)).toBe(
      'Gradients of 8 batches are averaged, but BatchNorm and DiceLoss see only the 4 images of each: this is not a batch of 32.',
    )
  })
})
