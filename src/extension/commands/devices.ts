import * as z from 'zod'

/** Values of the setting `foldwise.device`. */
export type DeviceChoice = 'auto' | 'cpu' | 'gpu'

/** Something that can train on this machine. */
export interface FoundDevice {
  /** Choices that would take it. */
  readonly choices: readonly DeviceChoice[]
  /** For a person: `CPU (Xeon), onnx blocked16, 8 threads`; a graphics card's memory where it is known. */
  readonly text: string
}

const row = z.object({
  type: z.literal('device'),
  kind: z.enum(['cpu', 'gpu']),
  name: z.string(),
  device: z.string(),
  memoryBytes: z.number().nullable(),
  lowering: z.string(),
  threads: z.number(),
  state: z.string(),
})

/** What `foldwise devices --json` found ready, the fastest first: that is the one which `auto` takes. */
export function devicesOf(records: readonly unknown[]): readonly FoundDevice[] {
  const ready = records.flatMap((record) => row.safeParse(record).data ?? []).filter(({ state }) => state === 'ready')
  return ready.flatMap(({ kind, name, device, memoryBytes, lowering, threads }, index) => {
    if (ready.findIndex((row) => row.kind === kind) !== index) return []
    const choices: readonly DeviceChoice[] = index === 0 ? ['auto', kind] : [kind]
    const memory = memoryBytes === null ? '' : `, ${(memoryBytes / 2 ** 30).toFixed(1)} GiB`
    return [{ choices, text: `${device}${memory}, ${name} ${lowering}, ${threads} threads` }]
  })
}
