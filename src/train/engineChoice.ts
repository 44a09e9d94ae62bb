import { mkdirSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import * as z from 'zod'
import { UserError } from '../core/errors.ts'
import { onnxEngine, type ChosenEngine, type SelfTestMemory } from '../engines/onnx/onnxEngine.ts'
import { writeJsonFile } from '../runs/jsonFile.ts'
import { weightCacheFolder } from '../runs/weightCache.ts'

export const engineNames = ['auto', 'blocked', 'plain'] as const

export interface EngineRequest {
  /** `auto` takes the fastest that passes its self-test. */
  readonly engine: (typeof engineNames)[number]
  /** Threads inside one operator; the machine's cores where not given. */
  readonly threads?: number | undefined
}

/** @throws UserError where the runtime has no binary for this machine */
export async function chooseEngine({ engine, threads = availableParallelism() }: EngineRequest): Promise<ChosenEngine> {
  const memory = selfTests()
  const chosen = await withRuntime(() => onnxEngine({ threads, lowering: engine, memory }))
  if (engine === 'blocked' && chosen.engine.lowering === 'plain')
    throw new UserError('The blocked engine does not run on this machine.', {
      value: engine,
      allowed: engineNames,
      hint: `Use --engine auto. (${chosen.reason})`,
      code: 'engine-unavailable',
    })
  await memory.save()
  return chosen
}

export interface DeviceRow {
  readonly name: string
  readonly device: string
  readonly lowering: string
  readonly threads: number
  readonly state: 'ready' | 'failed'
  readonly note: string
}

/** Everything that could train here, the one that `auto` takes first. */
export async function listDevices(): Promise<readonly DeviceRow[]> {
  const auto = await chooseEngine({ engine: 'auto' })
  const rows = [auto]
  if (auto.engine.lowering !== 'plain') rows.push(await chooseEngine({ engine: 'plain' }))
  return rows.map(({ engine, reason }) => ({
    name: engine.name,
    device: engine.device,
    lowering: engine.lowering,
    threads: engine.threads,
    state: 'ready',
    note: reason,
  }))
}

async function withRuntime<Value>(start: () => Promise<Value>): Promise<Value> {
  try {
    return await start()
  } catch (error) {
    if (!(error instanceof Error) || !/onnxruntime_binding|ERR_DLOPEN|Cannot find module/.test(error.message))
      throw error
    throw new UserError(`onnxruntime-node has no binary that loads on ${process.platform}-${process.arch}.`, {
      allowed: 'linux-x64, linux-arm64, win32-x64, win32-arm64, darwin-arm64',
      hint: 'macOS on Intel is not supported by the runtime any more; train on one of the platforms above.',
      code: 'engine-unavailable',
      cause: error,
    })
  }
}

const verdictsSchema = z.record(z.string(), z.boolean())

/** Verdicts of self-tests, kept in the user's cache; a cache that cannot be read or written only costs the test again. */
function selfTests(): SelfTestMemory & { save(): Promise<void> } {
  const file = join(dirname(weightCacheFolder()), 'self-tests.json')
  let verdicts: Record<string, boolean> = {}
  try {
    verdicts = verdictsSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    verdicts = {}
  }
  let isChanged = false
  return {
    recall: (key) => verdicts[key],
    remember: (key, passed) => {
      verdicts[key] = passed
      isChanged = true
    },
    save: async () => {
      if (!isChanged) return
      try {
        mkdirSync(dirname(file), { recursive: true })
        await writeJsonFile(file, verdicts)
      } catch {
        // Next time the test runs again.
      }
    },
  }
}
