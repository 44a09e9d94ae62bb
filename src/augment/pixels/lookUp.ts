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

/** v · factor + added, rounded half up and clipped. */
export function scaleLevels(sample: Sample, factor: number, added: number): Sample {
  const table = levels((v) => v * factor + added)
  // Vectors of f32 are faster than a table, and take its place where they come to the same for all 256 levels: nearly always.
  if (table.some((level, v) => level !== levelOfSingles(v, factor, added))) return lookUp(sample, table)
  const image = throughKernel(sample.image, 0, ({ run, from, to }) => {
    run.scaleLevels(from, to, sample.image.length, factor, added)
  })
  return { ...sample, image }
}

const oneLevel = new Uint8ClampedArray(1)

/** What the kernel scaleLevels makes of a level; NaN where it is beyond its reach. */
function levelOfSingles(v: number, factor: number, added: number): number {
  const single = Math.fround(Math.fround(v * Math.fround(factor)) + Math.fround(added))
  oneLevel[0] = single
  return Math.abs(single) < 32_767 ? oneLevel[0] : Number.NaN
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
