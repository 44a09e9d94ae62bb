import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { encodeLast, freshProgress, readState, readWeights } from '../../src/train/checkpoint.ts'

describe('checkpoints', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'foldwise-'))
  })
  afterAll(() => {
    rmSync(folder, { recursive: true })
  })
  const weights = new Map([['a.weight', { shape: [2, 1], data: Float32Array.of(1.5, -2) }]])
  const progress = {
    ...freshProgress,
    epoch: 3,
    batch: 2,
    step: 41,
    lossSum: 0.1 + 0.2,
    scores: [{ loss: 0.1 + 0.7, metric: null, watched: 0.25 }],
  }
  const state = {
    progress,
    slots: new Map([['gradient_sum/a.weight', { shape: [2, 1], data: Float32Array.of(0.25, 4) }]]),
    confusion: Float64Array.of(9, 0, 1, 2),
  }

  it('come back as they were, numbers to the last bit', async () => {
    const files = encodeLast(weights, state)
    writeFileSync(join(folder, 'weights'), files.weights[0])
    writeFileSync(join(folder, 'state'), files.state[0])
    const read = await readState(join(folder, 'state'))
    expect(read.progress).toEqual(progress)
    expect(read.confusion).toEqual(state.confusion)
    expect(read.slots.get('gradient_sum/a.weight')?.data).toEqual(Float32Array.of(0.25, 4))
    expect((await readWeights(join(folder, 'weights'))).get('a.weight')?.data).toEqual(Float32Array.of(1.5, -2))
  })

  it('that are torn are refused by name', async () => {
    const file = join(folder, 'torn')
    writeFileSync(file, encodeLast(weights, state).state[0].subarray(0, 60))
    await expect(readState(file)).rejects.toMatchObject({ name: 'UserError', details: { file } })
  })

  it('that are missing say what to do', async () => {
    await expect(readWeights(join(folder, 'none'))).rejects.toMatchObject({ details: { code: 'no-checkpoint' } })
  })
})
