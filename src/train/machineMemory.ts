import { mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type * as z from 'zod'
import { writeJsonFile } from '../runs/jsonFile.ts'
import { weightCacheFolder } from '../runs/weightCache.ts'

/** What was found out about this machine, kept in the user's cache; a cache that cannot be read or written only costs finding it out again. */
export class MachineMemory<Value> {
  private readonly file: string
  private readonly values: Map<string, Value>
  private isChanged = false

  /** @param name of the file in the cache */
  constructor(name: string, schema: z.ZodType<Record<string, Value>>) {
    this.file = join(dirname(weightCacheFolder()), name)
    this.values = new Map(Object.entries(read(this.file, schema)))
  }

  recall(key: string): Value | undefined {
    return this.values.get(key)
  }

  remember(key: string, value: Value): void {
    this.values.set(key, value)
    this.isChanged = true
  }

  forget(): void {
    this.values.clear()
    this.isChanged = true
  }

  async save(): Promise<void> {
    if (!this.isChanged) return
    this.isChanged = false
    try {
      mkdirSync(dirname(this.file), { recursive: true })
      await writeJsonFile(this.file, Object.fromEntries(this.values))
    } catch {
      // Next time it is found out again.
    }
  }
}

function read<Value>(file: string, schema: z.ZodType<Record<string, Value>>): Record<string, Value> {
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return {}
  }
}
