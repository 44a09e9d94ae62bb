import { constantRates } from '../../src/train/updatePlan.ts'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Precision } from '../../src/core/experiment.ts'
import type { Engine } from '../../src/engines/engine.ts'
import type { StateDict } from '../../src/model/stateDict.ts'
import { encodeLast, freshProgress, readState, readWeights } from '../../src/train/checkpoint.ts'
import { resumeRoundTrip } from '../../src/train/debugChecks/resumeRoundTrip.ts'
import { batchesFrom } from '../../src/train/debugChecks/trainSteps.ts'
import type { Workbench } from '../../src/train/debugChecks/workbench.ts'
import { chooseEngine } from '../../src/train/engineChoice.ts'
import type { StepResult, Trainer } from '../../src/train/trainer.ts'
import { outcomeOf, plainEngine, small, workbench } from './debugBench.ts'

let engine: Engine
beforeAll(async () => {
  engine = await plainEngine()
})

type Step = StepResult & { readonly loss: number }

/** Steps number `from` … `to`, counted from 1, on the batches that a run takes. */
async function steps(bench: Workbench, trainer: Trainer, from: number, to: number): Promise<Step[]> {
  const found: Step[] = []
  let step = from
  for await (const batch of batchesFrom(bench.loader, from - 1)) {
    const { loss } = await trainer.computeGradient(batch, step - 1)
    found.push({ loss, ...(await trainer.update(constantRates(bench.plan.config.optimizer.lr), step)) })
    if (step++ === to) break
  }
  return found
}

/** A digest of the bits of each tensor. */
function digests(state: StateDict): Map<string, string> {
  const digest = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex')
  return new Map(Array.from(state, ([key, { data }]) => [key, digest(new Uint8Array(data.slice().buffer))]))
}

/** Of one batch in a training step, with the weight of the loss so large that the first gradients overflow. */
const overflowing = {
  ...small,
  loss: [{ name: 'CrossEntropyLoss', weight: 1e4 }],
  train: { precision: 'fp16' },
}

describe('a training in half precision', () => {
  const count = 30
  const curve = async (precision: Precision, seed: number): Promise<readonly number[]> => {
    const bench = await workbench(engine, { ...small, train: { precision, seed } })
    const found = await steps(bench, await bench.freshTrainer(), 1, count)
    await bench.restart()
    return found.map(({ loss }) => loss)
  }
  const distance = (a: readonly number[], b: readonly number[]): number =>
    a.reduce((sum, loss, index) => sum + Math.abs(loss - b[index]), 0) / a.length

  it('has the loss curve of float32, closer to it than any two seeds are to each other', async () => {
    const whole: (readonly number[])[] = []
    for (const seed of [0, 1, 2, 3]) whole.push(await curve('fp32', seed))
    const betweenSeeds = whole.flatMap((a, index) => whole.slice(index + 1).map((b) => distance(a, b)))
    const mean = (losses: readonly number[]) => losses.reduce((sum, loss) => sum + loss, 0) / losses.length
    for (const precision of ['fp16', 'bf16'] as const) {
      const half = await curve(precision, 0)
      expect(half).toHaveLength(count)
      expect(mean(half.slice(-5))).toBeLessThan(0.9 * mean(half.slice(0, 5)))
      // It is another one: something was rounded.
      expect(distance(half, whole[0])).toBeGreaterThan(1e-6)
      expect(distance(half, whole[0])).toBeLessThan(Math.min(...betweenSeeds))
    }
  })

  it('leaves out steps whose gradients overflow, halves the scale with each, and then goes on', async () => {
    const bench = await workbench(engine, overflowing)
    const trainer = await bench.freshTrainer()
    const parameters = new Set(
      trainer.network.declarations.flatMap(({ key, kind }) => (kind === 'parameter' ? [key] : [])),
    )
    const trained = (state: StateDict) => digests(new Map([...state].filter(([key]) => parameters.has(key))))
    const before = { weights: trained(await trainer.save(0)), slots: await trainer.saveSlots() }

    const [first] = await steps(bench, trainer, 1, 1)
    expect(Number.isFinite(first.loss)).toBe(true)
    expect(first).toMatchObject({ isSkipped: true, lossScale: 65536 })
    expect(Number.isFinite(first.gradientNorm)).toBe(false)
    expect(trained(await trainer.save(1))).toEqual(before.weights)
    const slots = await trainer.saveSlots()
    expect(slots.get('loss_scale')!.data).toEqual(Float32Array.of(-1, 0, 1))
    expect(before.slots.get('loss_scale')!.data).toEqual(Float32Array.of(0, 0, 0))
    const withoutScale = (state: StateDict) => [...digests(state)].filter(([key]) => key !== 'loss_scale')
    expect(withoutScale(slots)).toEqual(withoutScale(before.slots))

    const later = await steps(bench, trainer, 2, 10)
    const skipped = later.findIndex(({ isSkipped }) => isSkipped !== true)
    expect(skipped).toBeGreaterThanOrEqual(0)
    expect(later.map(({ lossScale }) => lossScale).slice(0, skipped + 1)).toEqual(
      Array.from({ length: skipped + 1 }, (_, index) => 2 ** (15 - index)),
    )
    expect(later.at(-1)).toMatchObject({ lossScale: 2 ** (15 - skipped) })
    expect(trained(await trainer.save(10))).not.toEqual(before.weights)
  })

  it('goes on from a checkpoint to the bit, loss scale included', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'foldwise-'))
    try {
      const bench = await workbench(engine, overflowing)
      const first = await bench.freshTrainer()
      await steps(bench, first, 1, 5)
      const files = encodeLast(await first.save(5), {
        progress: freshProgress,
        slots: await first.saveSlots(),
        confusion: new Float64Array(4),
      })
      writeFileSync(join(folder, 'weights'), files.weights[0])
      writeFileSync(join(folder, 'state'), files.state[0])
      const through = await steps(bench, first, 6, 9)
      const expected = [digests(await first.save(4)), digests(await first.saveSlots())]

      await bench.restart()
      const second = await bench.trainer()
      second.load(await readWeights(join(folder, 'weights')), (await readState(join(folder, 'state'))).slots)
      expect(await steps(bench, second, 6, 9)).toEqual(through)
      // The counters of BatchNorm count from what was loaded: compared without them.
      const withoutCounters = (state: Map<string, string>) =>
        [...state].filter(([key]) => !key.endsWith('num_batches_tracked'))
      expect(withoutCounters(digests(await second.save(4)))).toEqual(withoutCounters(expected[0]))
      expect(digests(await second.saveSlots())).toEqual(expected[1])
      expect(through.some(({ lossScale }) => lossScale! < 65536)).toBe(true)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('passes the check of a debug run that resuming changes nothing', async () => {
    const finding = await outcomeOf(resumeRoundTrip(await workbench(engine, overflowing)))
    expect(finding).toMatchObject({ verdict: 'pass', reason: expect.stringContaining('to the last bit') as string })
  })
})

describe('a processor', () => {
  afterEach(() => {
    vi.unstubAllEnvs()
  })
  const cpu = { engine: 'auto', device: 'cpu', threads: 1 } as const

  it.each(['fp16', 'bf16'] as const)(
    'refuses %s before a run begins: what it costs, and what to do',
    async (precision) => {
      await expect(chooseEngine(cpu, precision)).rejects.toMatchObject({
        name: 'UserError',
        message: expect.stringContaining(`train.precision "${precision}"`) as string,
        details: { code: 'precision-unavailable', hint: expect.stringContaining('"fp32"') as string },
      })
    },
  )

  it('computes it with rounded operands where it is forced to, without its blocked kernels', async () => {
    vi.stubEnv('FOLDWISE_HALF_ON_CPU', '1')
    expect((await chooseEngine(cpu, 'fp16')).engine.lowering).toBe('plain')
    await expect(chooseEngine({ ...cpu, engine: 'blocked' }, 'fp16')).rejects.toMatchObject({
      details: { code: 'precision-unavailable' },
    })
  })
})
