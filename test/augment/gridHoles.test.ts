import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { gridDropout, latticeUnit } from '../../src/augment/dropout/gridDropout.ts'
import { almostEqualCells, cellHoles, latticeHoles } from '../../src/augment/dropout/gridHoles.ts'
import type { Hole } from '../../src/augment/dropout/holes.ts'
import type { Sample } from '../../src/augment/sample.ts'
import { stream } from '../../src/core/random.ts'
import { describeWithFixtures } from '../shared.ts'

type Box = readonly [x1: number, y1: number, x2: number, y2: number]

function boxes(holes: readonly Hole[]): Box[] {
  return holes.map(({ left, top, width, height }) => [left, top, left + width, top + height])
}

function blank(height: number, width: number): Sample {
  return {
    image: new Uint8Array(height * width * 3).fill(200),
    mask: new Uint8Array(height * width).fill(1),
    height,
    width,
  }
}

function hidden({ image }: Sample): string {
  return image.map((value) => (value === 0 ? 1 : 0)).join('')
}

describeWithFixtures('the grids of both series of Albumentations', 'augment', (folder) => {
  if (folder === '') return
  const read = (file: string): Record<string, unknown> =>
    JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')) as Record<string, unknown>

  interface FirstLattice {
    readonly height: number
    readonly width: number
    readonly arguments: Readonly<Partial<Record<string, number>>>
    readonly holes_x1y1x2y2?: readonly Box[]
  }
  const first = (read('albumentations-1.3.1.json')['GridDropout(1.x lattice)'] as FirstLattice[]).filter(
    (one) => one.holes_x1y1x2y2 !== undefined,
  )
  it.each(first.map((one) => [`${one.height}×${one.width} ${JSON.stringify(one.arguments)}`, one] as const))(
    '1.x %s',
    (_name, { height, width, arguments: args, holes_x1y1x2y2 }) => {
      const { holes_number_x = null, holes_number_y = null, ratio = 0.5, shift_x: x = 0, shift_y: y = 0 } = args
      const unit = latticeUnit({ height, width }, { holes_number_x, holes_number_y })
      expect(boxes(latticeHoles({ height, width }, { unit, shift: { x, y }, ratio }))).toEqual(holes_x1y1x2y2)
    },
  )

  interface SecondLattice {
    readonly height: number
    readonly width: number
    readonly holes_number_xy: readonly [number, number]
    readonly ratio: number
    readonly random_offset: boolean
    readonly shift_xy: readonly [number, number]
    readonly holes_x1y1x2y2: readonly Box[]
  }
  const second = read('albumentations-2.0.8.json')['GridDropout(2.x lattice)'] as SecondLattice[]
  it.each(second.map((one) => [`${one.height}×${one.width} ${one.holes_number_xy.join('×')}`, one] as const))(
    '2.x %s',
    (_name, { height, width, holes_number_xy: [rows, columns], ratio, random_offset, shift_xy: [x, y], ...one }) => {
      // The library takes its x for rows. Which of the cells are the longer ones is shuffled: the case tells by its holes.
      const wanted = one.holes_x1y1x2y2
      const cells = (length: number, count: number, starts: readonly number[]): number[] => {
        const longer = length % count
        const order = almostEqualCells(length, count)
        return random_offset || longer === 0
          ? order
          : [...starts.slice(1).map((start, i) => start - starts[i]), length - starts.at(-1)! + starts[0]]
      }
      const rowStarts = Array.from({ length: rows }, (_, row) => wanted[row * columns][1])
      const columnStarts = wanted.slice(0, columns).map(([start]) => start)
      const ours = boxes(
        cellHoles(
          { height, width },
          cells(height, rows, rowStarts),
          cells(width, columns, columnStarts),
          ratio,
          () => ({ x, y }),
        ),
      )
      const sizes = (list: readonly Box[]): string[] => list.map(([x1, y1, x2, y2]) => `${x2 - x1} ${y2 - y1}`).sort()
      expect(ours).toHaveLength(wanted.length)
      if (random_offset) expect(new Set(sizes(ours))).toEqual(new Set(sizes(wanted)))
      else expect(ours).toEqual(wanted)
    },
  )
})

describe('GridDropout', () => {
  const of = (given: object, index: number, sample = blank(60, 90)): Sample =>
    gridDropout.apply(sample, gridDropout.arguments.parse(given), stream(5, index))

  it('cuts the same lattice out of every image with arguments of 1.x, another one with those of 2.x', () => {
    const old = Array.from({ length: 5 }, (_, i) => hidden(of({ holes_number_x: 4, holes_number_y: 3 }, i)))
    expect(new Set(old).size).toBe(1)
    const now = Array.from({ length: 5 }, (_, i) => hidden(of({ holes_number_xy: [4, 3] }, i)))
    expect(new Set(now).size).toBe(5)
  })

  it('takes x for across and y for down', () => {
    const { image } = of({ holes_number_xy: [3, 1], random_offset: false, ratio: 0.4 }, 0, blank(10, 30))
    const row = Array.from({ length: 30 }, (_, x) => (image[x * 3] === 0 ? '#' : '.')).join('')
    expect(row).toBe('####......'.repeat(3))
  })

  it('leaves the mask alone unless fill_mask is given', () => {
    expect(new Set(of({}, 0).mask)).toEqual(new Set([1]))
    expect(new Set(of({ fill_mask: 255 }, 0).mask)).toEqual(new Set([1, 255]))
  })

  it('refuses in the words of Albumentations a grid that is too fine, before any image is read', () => {
    const size = { height: 60, width: 90 }
    const sizes = (given: object): unknown => gridDropout.outputSizes(size, gridDropout.arguments.parse(given))
    expect(() => sizes({ holes_number_x: 46 })).toThrow('The hole_number_x must be between 1 and image width//2.')
    expect(() => sizes({ holes_number_y: 31 })).toThrow('The hole_number_y must be between 1 and image height//2.')
    expect(() => sizes({ unit_size_range: [2, 61] })).toThrow(
      'Grid size limits must be within the shortest image edge.',
    )
    expect(() => gridDropout.arguments.parse({ holes_number_x: 4, holes_number_xy: [4, 4] })).toThrow('1.x')
    expect(() => gridDropout.arguments.parse({ unit_size_min: 4 })).toThrow('go together')
  })
})
