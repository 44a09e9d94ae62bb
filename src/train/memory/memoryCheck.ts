import { UserError } from '../../core/errors.ts'
import type { ChosenEngine } from '../../engines/engineDefinition.ts'
import { systemMemory, type SystemMemory } from './availableMemory.ts'
import type { MemoryNeed } from './memoryNeed.ts'
import { runMemory, type MemoryEstimate, type MemoryPlan, type RunMemory } from './runMemory.ts'

/** What a run needs and what there is, in bytes: of the processor's memory, or of the card's where one computes. */
export interface MemoryFacts {
  readonly neededBytes: number
  /** null where nobody tells. */
  readonly availableBytes: number | null
  /** Where `train.checkpoint_activations` is on: what it saves, and its price. */
  readonly checkpointing?: Checkpointing | undefined
}

export interface Checkpointing {
  readonly savedBytes: number
  /** How much more the operators of a step read and write, as a part of what they do otherwise. */
  readonly traffic: number
}

export interface MemoryRequest {
  /** `--ignore-memory`: a run that needs more than there is starts all the same. */
  readonly ignoresMemory?: boolean | undefined
}

/**
 * Estimates a run's memory before anything of it exists; undefined where the engine cannot tell.
 * @throws UserError `out-of-memory` with the batch that would fit, where there is less than the run needs
 */
export function checkMemory(
  plan: MemoryPlan,
  { engine, cardBytes }: ChosenEngine,
  { ignoresMemory = false }: MemoryRequest,
  system = systemMemory(),
): MemoryFacts | undefined {
  const estimate = runMemory(plan, engine)
  if (estimate === undefined) return undefined
  const { batch_size: batch } = plan.config.data
  const isCheckpointing = plan.config.train.checkpoint_activations === true
  const need = estimate(batch, isCheckpointing)
  const room: Room = { ...system, cardBytes: cardBytes ?? Number.POSITIVE_INFINITY }
  if (!fits(need, room) && !ignoresMemory) throw refusal(plan, estimate, need, room)
  return {
    neededBytes: neededOf(need),
    availableBytes: need.card === null ? system.availableBytes : (cardBytes ?? null),
    ...(isCheckpointing && { checkpointing: checkpointingOf(need, estimate(batch, false)) }),
  }
}

/** Whether a run of the plan fits beside what the process holds already, as far as anybody can tell. */
export function hasMemoryFor(plan: MemoryPlan, chosen: ChosenEngine): boolean {
  const facts = checkMemory(plan, chosen, { ignoresMemory: true })
  if (facts === undefined || facts.availableBytes === null) return true
  return facts.neededBytes <= facts.availableBytes
}

function neededOf({ process, card }: MemoryNeed): number {
  return card ?? process
}

function checkpointingOf(need: RunMemory, without: RunMemory): Checkpointing {
  return {
    savedBytes: Math.max(0, neededOf(without) - neededOf(need)),
    traffic: need.trafficBytes / without.trafficBytes - 1,
  }
}

/** "needs about 1.2 GiB of memory, 18 GiB are free" */
export function memoryText({ neededBytes, availableBytes, checkpointing }: MemoryFacts): string {
  const free = availableBytes === null ? '' : `, ${bytesText(availableBytes)} are free`
  const again = checkpointing === undefined ? '' : `; ${checkpointingText(checkpointing)}`
  return `needs about ${bytesText(neededBytes)} of memory${free}${again}`
}

/** Without a word on time: what the traffic costs differs from machine to machine, and `foldwise bench` measures it. */
function checkpointingText({ savedBytes, traffic }: Checkpointing): string {
  return `checkpoint_activations saves about ${bytesText(savedBytes)} for ${Math.round(100 * traffic)} % more reading and writing (estimated; foldwise bench measures the time)`
}

interface Room extends SystemMemory {
  readonly cardBytes: number
}

function fits({ process, card }: MemoryNeed, { availableBytes, cardBytes }: Room): boolean {
  return process <= availableBytes && (card ?? 0) <= cardBytes
}

function refusal(plan: MemoryPlan, estimate: MemoryEstimate, { process, card }: MemoryNeed, room: Room): UserError {
  const limit =
    card !== null && card > room.cardBytes
      ? `${bytesText(card)} of the graphics card's memory, which has ${bytesText(room.cardBytes)}`
      : room.limit === 'group'
        ? `${bytesText(process)} of memory, and its container leaves it ${bytesText(room.availableBytes)}`
        : `${bytesText(process)} of memory, and ${bytesText(room.availableBytes)} are free`
  return new UserError(`This run needs about ${limit}.`, {
    value: `data.batch_size ${plan.config.data.batch_size}`,
    hint: `${advice(plan, estimate, room)} --ignore-memory starts it all the same.`,
    code: 'out-of-memory',
  })
}

function advice({ config, train }: MemoryPlan, estimate: MemoryEstimate, room: Room): string {
  const { batch_size: batchSize, accumulate_grad_batches: accumulate } = config.data
  const isCheckpointing = config.train.checkpoint_activations === true
  const asked = Math.min(batchSize, train.length)
  if (!isCheckpointing && fits(estimate(asked, true), room))
    return 'With train.checkpoint_activations true it fits: the same numbers, a little slower.'
  const batch = largestThatFits(asked, (each) => fits(estimate(each, isCheckpointing), room))
  if (batch === undefined) return 'Not even one image at a time fits: use a smaller data.image_size or encoder.'
  const times = Math.ceil(asked / batch)
  const same = batch * times === asked ? 'the same' : 'about the same'
  return `Use data.batch_size ${batch} with data.accumulate_grad_batches ${accumulate * times}: ${same} number of images for each step (BatchNorm sees ${batch} at a time); or a smaller data.image_size.`
}

/** By halves between what fits and what does not. */
function largestThatFits(tooMany: number, isFitting: (batch: number) => boolean): number | undefined {
  if (!isFitting(1)) return undefined
  let [fitting, failing] = [1, tooMany]
  while (failing - fitting > 1) {
    const middle = (fitting + failing) >> 1
    if (isFitting(middle)) fitting = middle
    else failing = middle
  }
  return fitting
}

function bytesText(bytes: number): string {
  const gibibytes = bytes / 2 ** 30
  if (gibibytes < 1) return `${Math.round(bytes / 2 ** 20)} MiB`
  return `${gibibytes < 10 ? gibibytes.toFixed(1) : Math.round(gibibytes)} GiB`
}
