import { scaledSize } from '../../augment/scalePlanes.ts'
import type { Engine, ProgramMemory } from '../../engines/engine.ts'
import type { Program } from '../../graph/program.ts'
import { optimizers } from '../optimizers/registry.ts'
import { mixedLabels } from '../mixing.ts'
import { inferenceProgram, trainingProgram } from '../programs.ts'
import type { RunPlan } from '../runPlan.ts'
import { loaderWorkers } from '../settings.ts'
import { isInPieces, validationBatch } from '../validation.ts'
import { memoryNeed, type MemoryNeed } from './memoryNeed.ts'

/** Batches up to this size are looked at as they are; what more images need grows evenly. */
const largestBatch = 8
/** Decoded images of training and of validation: each loader keeps at most so much. */
const cacheLimit = 512 * 2 ** 20

export type MemoryPlan = Pick<RunPlan, 'config' | 'loss' | 'rules' | 'size' | 'train' | 'validation'>

/** What a step holds, and what its operators read and write. */
export interface RunMemory extends MemoryNeed {
  readonly trafficBytes: number
}

/** By the batch size, and by whether activations are computed again. */
export type MemoryEstimate = (batch: number, isCheckpointing: boolean) => RunMemory

/**
 * What a run of the plan would hold at its largest. Compiles nothing.
 * @returns undefined where the engine cannot tell
 */
export function runMemory(plan: MemoryPlan, engine: Engine): MemoryEstimate | undefined {
  const memoryOf = engine.memoryOf?.bind(engine)
  if (memoryOf === undefined) return undefined
  const { config, size, rules, loss } = plan
  const shape = { ...size, classes: rules.classes.count }
  const labels = mixedLabels(config)
  const [keeping, checkpointing] = [false, true].map((isCheckpointing) =>
    remembered((batch) => {
      const sized = { ...shape, batch }
      const options = { isCheckpointing, precision: config.train.precision, labels }
      return memoryOf(trainingProgram(config.model, loss, sized, options).gradient)
    }),
  )
  const validating = remembered((batch) => memoryOf(validationProgram(plan, batch)))
  const viewing = remembered((batch) =>
    memoryOf(inferenceProgram(config.model, { ...shape, batch }, { logits: true }).program),
  )
  const optimizer = optimizers.get(config.optimizer.name)
  const averages = (config.train.ema ?? null) === null ? 0 : 1
  const slots = optimizer.slots(optimizer.arguments.parse(config.optimizer)).length + averages
  return (asked, isCheckpointing) => {
    const batch = Math.min(asked, plan.train.length)
    const config = { ...plan.config, data: { ...plan.config.data, batch_size: asked } }
    const training = isCheckpointing ? checkpointing : keeping
    const gradient = within(training, batch)
    const need = memoryNeed({
      gradient,
      validation: validating(Math.min(validationBatch(config), plan.validation.length)),
      view: labels === 'weighted' ? within(viewing, batch) : undefined,
      slots,
      isAccumulating: config.data.accumulate_grad_batches > 1,
      workers: loaderWorkers(),
      cacheBytes: cachedBytes(plan, plan.train.length) + cachedBytes(plan, plan.validation.length),
    })
    return { ...need, trafficBytes: gradient.trafficBytes }
  }
}

function validationProgram({ config, size, rules, loss }: MemoryPlan, batch: number): Program {
  const { window, tta_scales: scales } = config.inference
  const [height, width] = window === 'whole' ? [size.height, size.width] : window
  const largest = scaledSize({ height, width }, Math.max(...scales, 1))
  const shape = { ...largest, classes: rules.classes.count, batch }
  return inferenceProgram(config.model, shape, { loss, probabilities: isInPieces(config.inference) }).program
}

type MemoryOfBatch = (batch: number) => ProgramMemory

/** Lowering a network takes a fifth of a second. */
function remembered(memory: MemoryOfBatch): MemoryOfBatch {
  const known = new Map<number, ProgramMemory>()
  return (batch) => {
    const found = known.get(batch) ?? memory(batch)
    known.set(batch, found)
    return found
  }
}

/** Large batches are not lowered. */
function within(memory: MemoryOfBatch, batch: number): ProgramMemory {
  return batch <= largestBatch ? memory(batch) : extended(memory, batch)
}

/** Along the line through two smaller batches. */
function extended(memory: MemoryOfBatch, batch: number): ProgramMemory {
  const [low, high] = [memory(largestBatch / 2), memory(largestBatch)]
  const beyond = (batch - largestBatch) / (largestBatch / 2)
  const at = (key: 'activationBytes' | 'constantBytes' | 'dataBytes' | 'resultBytes' | 'trafficBytes'): number =>
    high[key] + beyond * (high[key] - low[key])
  return {
    ...high,
    activationBytes: at('activationBytes'),
    constantBytes: at('constantBytes'),
    dataBytes: at('dataBytes'),
    resultBytes: at('resultBytes'),
    trafficBytes: at('trafficBytes'),
  }
}

/** Three bytes of colour and one of the mask; images that keep their size are taken to be as large as a batch's. */
function cachedBytes({ config, size }: MemoryPlan, images: number): number {
  const [height, width] = config.data.image_size ?? [size.height, size.width]
  return Math.min(cacheLimit, images * 4 * height * width)
}
