import { availableParallelism } from 'node:os'
import * as z from 'zod'
import { UserError } from '../core/errors.ts'
import type { Precision } from '../core/experiment.ts'
import type { Candidate, ChosenEngine, DeviceKind, SelfTestMemory } from '../engines/engineDefinition.ts'
import { engineChoices, engines } from '../engines/registry.ts'
import { openFastest, stepTimes } from './fastestEngine.ts'
import { MachineMemory } from './machineMemory.ts'
import { withRuntime } from './withRuntime.ts'

export interface EngineRequest {
  /** One of `engineChoices`; `auto` takes the fastest that passes its self-test. */
  readonly engine: string
  /** `auto` where not given: whatever is fastest. */
  readonly device?: DeviceKind | 'auto' | undefined
  /** Threads inside one operator; the machine's cores where not given. */
  readonly threads?: number | undefined
}

/**
 * @param precision of the training, if it is one
 * @throws UserError where nothing of this machine fits the request or gains from the precision, or the runtime has no binary for it
 */
export async function chooseEngine(request: EngineRequest, precision?: Precision): Promise<ChosenEngine> {
  const { engine, device = 'auto', threads = availableParallelism() } = request
  const memory = selfTests()
  const chosen = await withRuntime(async () => {
    const found = await candidatesFor(engine, threads, memory, precision)
    const wanted = found.filter((candidate) => isWanted(candidate, engine, device))
    if (wanted.length === 0) throw nothingFits(engine, device, found)
    const able = wanted.filter(({ refusal }) => refusal === undefined)
    if (able.length === 0) throw wanted[0].refusal!
    return able.length === 1 ? able[0].open() : openFastest(able, threads, stepTimes(), precision)
  })
  await memory.save()
  return chosen
}

/** Verdicts of self-tests on this machine. */
export function selfTests(): MachineMemory<boolean> {
  return new MachineMemory('self-tests.json', z.record(z.string(), z.boolean()))
}

/** @param choice one of `engineChoices` */
export async function candidatesFor(
  choice: string,
  threads: number,
  memory: SelfTestMemory,
  precision?: Precision,
): Promise<readonly Candidate[]> {
  const asked = engines.filter(({ choices }) => choice === 'auto' || choices.includes(choice))
  if (asked.length === 0)
    throw new UserError('There is no such engine.', { value: choice, allowed: engineChoices, code: 'usage' })
  const found = await Promise.all(
    asked.map((definition) => definition.candidates({ choice, threads, memory, precision })),
  )
  return found.flat()
}

function isWanted({ kind, isSoftware }: Candidate, engine: string, device: DeviceKind | 'auto'): boolean {
  return (device === 'auto' || device === kind) && (!isSoftware || engine !== 'auto')
}

function nothingFits(engine: string, device: string, found: readonly Candidate[]): UserError {
  const others = found.map((candidate) => candidate.device).join('; ')
  return new UserError(
    device === 'gpu' && engine === 'auto'
      ? 'No graphics card of this machine can be used for training.'
      : 'This engine does not compute there on this machine.',
    {
      value: `--engine ${engine} --device ${device}`,
      hint: `Choose --engine auto --device auto, or look at "foldwise devices"${others === '' ? '' : ` (found: ${others})`}. A graphics card needs its driver: Vulkan on Linux.`,
      code: 'engine-unavailable',
    },
  )
}
