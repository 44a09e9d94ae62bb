import { beforeAll, describe, expect, it } from 'vitest'
import { UserError } from '../../../src/core/errors.ts'
import { builtInBaseline } from '../../../src/core/baseline.ts'
import { parseExperiment } from '../../../src/core/experiment.ts'
import type { ImagePair } from '../../../src/data/folders.ts'
import type { ChosenEngine } from '../../../src/engines/engineDefinition.ts'
import { onnxEngine } from '../../../src/engines/onnx/onnxEngine.ts'
import { experimentSchema } from '../../../src/train/experimentSchema.ts'
import { checkMemory, memoryText } from '../../../src/train/memory/memoryCheck.ts'
import { runMemory, type MemoryPlan } from '../../../src/train/memory/runMemory.ts'
import { trainingProgram } from '../../../src/train/programs.ts'

const mebibyte = 2 ** 20

function planWith(batchSize: number, isCheckpointing = false): MemoryPlan {
  const config = parseExperiment(
    {
      model: { arch: 'Unet', encoder_name: 'resnet18', encoder_depth: 3, decoder_channels: [16, 8, 8] },
      data: { image_size: [128, 128], batch_size: batchSize, accumulate_grad_batches: 2 },
      train: { checkpoint_activations: isCheckpointing },
    },
    experimentSchema,
    () => ({ file: 'test' }),
  )
  const pairs = Array.from({ length: 100 }, (): ImagePair => ({ name: 'a', image: 'a.png', mask: 'a.png' }))
  const classes = { count: 3, ids: [0, 1, 2], names: ['a', 'b', 'c'], colors: [] }
  return {
    config,
    loss: builtInBaseline.loss,
    rules: { classes } as unknown as MemoryPlan['rules'],
    size: { height: 128, width: 128 },
    train: pairs,
    validation: pairs,
  }
}

describe('the memory of a run', () => {
  let chosen: ChosenEngine
  beforeAll(async () => {
    chosen = await onnxEngine({ threads: 1, lowering: 'plain' })
  })
  const free = (bytes: number) => ({ availableBytes: bytes, limit: 'machine' }) as const
  function refusalOf(...request: Parameters<typeof checkMemory>): UserError {
    try {
      checkMemory(...request)
    } catch (error) {
      if (error instanceof UserError) return error
      throw error
    }
    throw new Error('not refused')
  }

  it('grows evenly beyond the batches that are looked at', () => {
    const { config, loss } = planWith(1)
    const activations = (batch: number): number => {
      const size = { height: 128, width: 128, batch, classes: 3 }
      return chosen.engine.memoryOf!(trainingProgram(config.model, loss, size).gradient).activationBytes
    }
    const [four, eight, sixteen] = [4, 8, 16].map(activations)
    expect(Math.abs((eight + 2 * (eight - four)) / sixteen - 1)).toBeLessThan(0.1)
  })

  it('counts the forward pass of SnapMix', () => {
    const plan = planWith(4)
    const bytes = (name: string): number => {
      const mixed = { ...plan, config: { ...plan.config, mix: { name, p: 1 } } }
      return runMemory(mixed, chosen.engine)!(4, false).process
    }
    expect(bytes('CutMix')).toBe(runMemory(plan, chosen.engine)!(4, false).process)
    expect(bytes('SnapMix')).toBeGreaterThan(bytes('CutMix') * 1.02)
  })

  it('is refused with the largest batch that fits, where there is too little', () => {
    const plan = planWith(48)
    const estimate = runMemory(plan, chosen.engine)!
    const there = estimate(17, false).process
    const { message, details } = refusalOf(plan, chosen, {}, free(there))
    expect(message).toMatch(/^This run needs about .* of memory, and .* are free\.$/)
    expect(details.code).toBe('out-of-memory')
    expect(details.hint).toContain('data.batch_size 17 with data.accumulate_grad_batches 6')
    expect(details.hint).toContain('--ignore-memory')
    expect(estimate(18, false).process).toBeGreaterThan(there)
  })

  it('is refused with the advice to compute activations again, where that suffices', () => {
    const plan = planWith(48)
    const { process: need } = runMemory(plan, chosen.engine)!(48, true)
    expect(refusalOf(plan, chosen, {}, free(need)).details.hint).toContain('train.checkpoint_activations true it fits')
    const facts = checkMemory(planWith(48, true), chosen, {}, free(need))!
    expect(facts.neededBytes).toBe(need)
    expect(facts.checkpointing!.savedBytes).toBeGreaterThan(0.1 * need)
    expect(memoryText(facts)).toMatch(/checkpoint_activations saves about .* for \d+ % more reading and writing/)
  })

  it('names the container where that is what limits', () => {
    const { message } = refusalOf(planWith(48), chosen, {}, { availableBytes: 200 * mebibyte, limit: 'group' })
    expect(message).toContain('its container leaves it 200 MiB')
  })

  it('says so where not even one image fits', () => {
    const { details } = refusalOf(planWith(2), chosen, {}, free(mebibyte))
    expect(details.hint).toContain('Not even one image')
  })

  it('is only told where the check is off, or where it fits', () => {
    const plan = planWith(4)
    const { process: need } = runMemory(plan, chosen.engine)!(4, false)
    const facts = checkMemory(plan, chosen, { ignoresMemory: true }, free(mebibyte))
    expect(facts).toEqual({ neededBytes: need, availableBytes: mebibyte })
    expect(checkMemory(plan, chosen, {}, free(need))).toEqual({ neededBytes: need, availableBytes: need })
  })

  it('counts against the card where one computes', () => {
    const { engine, reason } = chosen
    const onCard = { ...engine, memoryOf: (...source: Parameters<NonNullable<typeof engine.memoryOf>>) => ({ ...engine.memoryOf!(...source), isOnCard: true }) } // prettier-ignore
    const card = { engine: onCard, reason, cardBytes: 64 * mebibyte }
    const { message } = refusalOf(planWith(48), card, {}, free(64 * 2 ** 30))
    expect(message).toContain("of the graphics card's memory, which has 64 MiB")
    expect(
      checkMemory(planWith(4), { ...card, cardBytes: undefined }, {}, free(64 * 2 ** 30))?.availableBytes,
    ).toBeNull()
  })
})
