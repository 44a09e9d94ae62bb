import { availableParallelism } from 'node:os'
import { engineChoices } from '../engines/registry.ts'
import { candidatesFor, selfTests } from './engineChoice.ts'
import { withRuntime } from './withRuntime.ts'

/** Something that could train here, not yet opened. */
export interface TrainingEngineChoice {
  /** Value of `--engine` that means it. */
  readonly engine: string
  /** As `foldwise devices` names it. */
  readonly device: string
}

/** Every `--engine` that has a device here which `auto` would consider; a graphics card made of software is none. */
export async function trainingEngines(): Promise<readonly TrainingEngineChoice[]> {
  const threads = availableParallelism()
  const memory = selfTests()
  return withRuntime(async () => {
    const known = new Set((await candidatesFor('auto', threads, memory)).map(({ device }) => device))
    const found: TrainingEngineChoice[] = []
    for (const engine of engineChoices.filter((choice) => choice !== 'auto'))
      for (const { device } of await candidatesFor(engine, threads, memory))
        if (known.has(device)) found.push({ engine, device })
    return found
  })
}
