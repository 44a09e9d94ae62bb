import { throughKernel } from '../kernels/throughKernel.ts'
import type { Sample } from '../sample.ts'

/** New gray level of each of the 256; computed in double, rounded half up and clipped. */
export function levels(of: (level: number) => number): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, level) => Math.min(255, Math.max(0, Math.floor(of(level) + 0.5))))
}

/** Every value of the image through one table. */
export function lookUp(sample: Sample, table: Uint8Array): Sample {
  return lookUpChannels(sample, [table, table, table])
}

/** Each channel through a table of its own. */
export function lookUpChannels(sample: Sample, tables: readonly [Uint8Array, Uint8Array, Uint8Array]): Sample {
  const image = throughKernel(sample.image, 768, ({ run, buffer, from, to, extra }) => {
    putTables(buffer, extra, tables)
    run.lookUpChannels(from, to, sample.image.length / 3, extra)
  })
  return { ...sample, image }
}

/** Three tables as the kernel lookUpChannels takes them, 768 bytes. */
export function putTables(buffer: ArrayBuffer, at: number, tables: readonly Uint8Array[]): void {
  for (const [channel, table] of tables.entries()) new Uint8Array(buffer, at + 256 * channel, 256).set(table)
}

/** Adds whole numbers of gray levels to the channels and clips. */
export function shiftChannels(sample: Sample, shifts: readonly [number, number, number]): Sample {
  const image = throughKernel(sample.image, 96, ({ run, buffer, from, to, extra }) => {
    const [more, less] = [new Uint8ClampedArray(buffer, extra, 48), new Uint8ClampedArray(buffer, extra + 48, 48)]
    for (let i = 0; i < 48; i++) {
      more[i] = shifts[i % 3]
      less[i] = -shifts[i % 3]
    }
    run.shiftChannels(from, to, sample.image.length, extra)
  })
  return { ...sample, image }
}
