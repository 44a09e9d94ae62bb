import * as z from 'zod'
import { connectedRegions } from '../../augment/dropout/connectedRegions.ts'
import { ignoredLabel } from '../../augment/sample.ts'
import type { DecodedMask } from '../decodeMask.ts'

export const objectsSchema = z.object({
  count: z.int(),
  /** Entry k counts the objects of 2ᵏ to 2ᵏ⁺¹ − 1 pixels; no zeros at the end. */
  sizes: z.array(z.int()),
  /** Pixels; 0 without objects. */
  smallest: z.int(),
  largest: z.int(),
  /** Objects that hold no square of 3 × 3 pixels: lines and specks of one or two pixels. */
  thin: z.int(),
})

/** Objects of one class in a mask or in many: pixels of the class that touch by a side or a corner. */
export type Objects = Readonly<z.infer<typeof objectsSchema>>

export const noObjects: Objects = { count: 0, sizes: [], smallest: 0, largest: 0, thin: 0 }

/** Objects of every class index that occurs, of ignored pixels none. */
export function objectsOf(decoded: DecodedMask): ReadonlyMap<number, Objects> {
  const { regions, count } = connectedRegions(decoded, [ignoredLabel])
  const areas = new Int32Array(count + 1)
  const labels = new Uint8Array(count + 1)
  for (let pixel = 0; pixel < regions.length; pixel++) {
    areas[regions[pixel]]++
    labels[regions[pixel]] = decoded.mask[pixel]
  }
  const isThick = thickRegions(regions, count, decoded)
  const found = new Map<number, Objects>()
  for (let region = 1; region <= count; region++) {
    const one = { count: 1, sizes: histogramOf(areas[region]), smallest: areas[region], largest: areas[region] }
    const label = labels[region]
    found.set(label, joined(found.get(label) ?? noObjects, { ...one, thin: isThick[region] === 1 ? 0 : 1 }))
  }
  return found
}

/** Objects of two sets of images together. */
export function joined(a: Objects, b: Objects): Objects {
  if (a.count === 0) return b
  if (b.count === 0) return a
  const [long, short] = a.sizes.length >= b.sizes.length ? [a, b] : [b, a]
  return {
    count: a.count + b.count,
    sizes: long.sizes.map((objects, k) => objects + (short.sizes[k] ?? 0)),
    smallest: Math.min(a.smallest, b.smallest),
    largest: Math.max(a.largest, b.largest),
    thin: a.thin + b.thin,
  }
}

function histogramOf(area: number): number[] {
  const bin = 31 - Math.clz32(area)
  return Array.from({ length: bin + 1 }, (_, k) => Number(k === bin))
}

/** 1 where a region holds a whole square of 3 × 3; what the edge of the image cuts off counts as being there. */
function thickRegions(regions: Int32Array, count: number, { height, width }: DecodedMask): Uint8Array {
  const isThick = new Uint8Array(count + 1)
  for (let y = 0, pixel = 0; y < height; y++)
    for (let x = 0; x < width; x++, pixel++) {
      const region = regions[pixel]
      if (isThick[region] === 1) continue
      const above = y > 0 ? width : 0
      const below = y < height - 1 ? width : 0
      const left = x > 0 ? 1 : 0
      const right = x < width - 1 ? 1 : 0
      let same = true
      for (let row = pixel - above; row <= pixel + below && same; row += width)
        for (let next = row - left; next <= row + right && same; next++) same = regions[next] === region
      isThick[region] = Number(same)
    }
  return isThick
}
