import * as z from 'zod'

/** Values of the setting `foldwise.device`. */
export type DeviceChoice = 'auto' | 'cpu' | 'gpu'

/** Something that can train on this machine. */
export interface FoundDevice {
  /** Choices that would take it. */
  readonly choices: readonly DeviceChoice[]
  /** For a person: `CPU (Xeon), onnx blocked16, 8 threads`. */
  readonly text: string
}

const row = z.object({
  type: z.literal('device'),
  name: z.string(),
  device: z.string(),
  lowering: z.string(),
  threads: z.number(),
  state: z.string(),
})

/** What `foldwise devices --json` found ready, the fastest first: that is the one which `auto` takes. */
export function devicesOf(records: readonly unknown[]): readonly FoundDevice[] {
  const ready = records.flatMap((record) => row.safeParse(record).data ?? []).filter(({ state }) => state === 'ready')
  const kind = (device: string): DeviceChoice => (/^cpu\b/i.test(device) ? 'cpu' : 'gpu')
  const isFirstOfItsKind = (index: number): boolean =>
    ready.findIndex(({ device }) => kind(device) === kind(ready[index].device)) === index
  return ready.flatMap(({ name, device, lowering, threads }, index) => {
    if (!isFirstOfItsKind(index)) return []
    const choices: readonly DeviceChoice[] = index === 0 ? ['auto', kind(device)] : [kind(device)]
    return [{ choices, text: `${device}, ${name} ${lowering}, ${threads} threads` }]
  })
}
