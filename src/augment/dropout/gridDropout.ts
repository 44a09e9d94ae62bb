import * as z from 'zod'
import { UserError } from '../../core/errors.ts'
import { drawInteger, type Range } from '../ranges.ts'
import { almostEqualCells, cellHoles, latticeHoles } from './gridHoles.ts'
import { cutHoles, holeFill, holeFillMask, type Hole, type Holes } from './holes.ts'
import type { Size } from '../sample.ts'
import { defineDrawnTransform, probability, type Random } from '../transform.ts'

const number = z.int().min(1).max(65_535)
const unitSize = z.int().min(2).max(65_535)
const shift = z.int().min(0).max(65_535)
const byDefault = 'default null'

const gridArguments = z
  .object({
    ratio: z
      .number()
      .gt(0)
      .max(1)
      .default(0.5)
      .describe('Side of a hole over that of its cell; a hole is at least a pixel smaller (default 0.5).'),
    unit_size_min: unitSize
      .nullable()
      .default(null)
      .describe(`Least side of a square cell, 1.x spelling (${byDefault}).`),
    unit_size_max: unitSize
      .nullable()
      .default(null)
      .describe(`Greatest side of a square cell, 1.x spelling (${byDefault}).`),
    holes_number_x: number.nullable().default(null).describe(`Holes across. With an argument in the spelling of 1.x the holes form its fixed lattice, the same in every image (${byDefault}).`), // prettier-ignore
    holes_number_y: number.nullable().default(null).describe(`Holes down, 1.x spelling (${byDefault}).`),
    shift_x: shift
      .nullable()
      .default(null)
      .describe(`Place of each hole in its cell from the left, 1.x spelling (${byDefault}).`),
    shift_y: shift
      .nullable()
      .default(null)
      .describe(`Place of each hole in its cell from above, 1.x spelling (${byDefault}).`),
    random_offset: z
      .boolean()
      .nullable()
      .default(null)
      .describe('Holes move at random: each inside its cell, or with 1.x arguments all together; null is false with those and true without (default null).'), // prettier-ignore
    unit_size_range: z
      .tuple([unitSize, unitSize])
      .refine(([low, high]) => low <= high, 'the first number must not be larger than the second')
      .nullable()
      .default(null)
      .describe(`Least and greatest side of a square cell in pixels (${byDefault}).`),
    holes_number_xy: z
      .tuple([number, number])
      .nullable()
      .default(null)
      .describe(`Number of holes across and down; Albumentations 1.4 and 2.x exchange the two (default null, which is cells of a tenth of the image).`), // prettier-ignore
    shift_xy: z
      .tuple([shift, shift])
      .default([0, 0])
      .describe('Place of each hole in its cell, from the left and from above, where it does not move at random (default [0, 0]).'), // prettier-ignore
    fill: holeFill,
    fill_mask: holeFillMask,
    p: probability(0.5),
  })
  .check(({ value, issues }) => {
    const refuse = (path: string, message: string): void => {
      issues.push({ code: 'custom', path: [path], message, input: value })
    }
    const { unit_size_min: least, unit_size_max: greatest } = value
    if ((least === null) !== (greatest === null)) refuse(least === null ? 'unit_size_max' : 'unit_size_min', 'unit_size_min and unit_size_max go together') // prettier-ignore
    if (least !== null && greatest !== null && least > greatest) refuse('unit_size_min', 'Max unit size should be >= min size, both at least 2 pixels.') // prettier-ignore
    if (isFirstSpelling(value) && (value.unit_size_range !== null || value.holes_number_xy !== null)) refuse(value.unit_size_range === null ? 'holes_number_xy' : 'unit_size_range', 'does not go together with arguments in the spelling of 1.x') // prettier-ignore
  })
type GridArguments = z.output<typeof gridArguments>

export const gridDropout = defineDrawnTransform({
  name: 'GridDropout',
  summary: 'Cuts a grid of rectangles out of the image.',
  arguments: gridArguments,
  outputSizes: (size, args) => {
    checkGrid(size, args)
    return [size]
  },
  draw: (sample, args, random): Holes => {
    checkGrid(sample, args)
    const holes = isFirstSpelling(args) ? drawLattice(sample, args, random) : drawCells(sample, args, random)
    return { holes, fill: args.fill, fillMask: args.fill_mask, random }
  },
  perform: cutHoles,
})

function isFirstSpelling(args: GridArguments): boolean {
  return [args.holes_number_x, args.holes_number_y, args.unit_size_min, args.shift_x, args.shift_y].some(
    (value) => value !== null,
  )
}

function unitRange({ unit_size_range, unit_size_min, unit_size_max }: GridArguments): Range | null {
  return unit_size_min === null || unit_size_max === null ? unit_size_range : [unit_size_min, unit_size_max]
}

/** @throws UserError in Albumentations' words where the image is too small for the grid */
function checkGrid({ height, width }: Size, args: GridArguments): void {
  const range = unitRange(args)
  if (range !== null && range[1] > Math.min(height, width))
    throw tooSmall('Grid size limits must be within the shortest image edge.', range[1], Math.min(height, width))
  if (range !== null) return
  const across = args.holes_number_x ?? args.holes_number_xy?.[0] ?? null
  const down = args.holes_number_y ?? args.holes_number_xy?.[1] ?? null
  if (across !== null && across > width >> 1)
    throw tooSmall('The hole_number_x must be between 1 and image width//2.', across, width >> 1)
  if (down !== null && down > height >> 1)
    throw tooSmall('The hole_number_y must be between 1 and image height//2.', down, height >> 1)
}

function tooSmall(message: string, value: number, most: number): UserError {
  return new UserError(`GridDropout: ${message}`, { value, allowed: `at most ${most}`, code: 'grid-too-fine' })
}

/** As 1.3.1, but a drawn unit is never larger than unit_size_max (there it may be a pixel more). */
function drawLattice(size: Size, args: GridArguments, random: Random): readonly Hole[] {
  const range = unitRange(args)
  const unit = range === null ? latticeUnit(size, args) : square(drawInteger(range, random))
  const lattice = { unit, ratio: args.ratio }
  if (args.random_offset !== true)
    return latticeHoles(size, { ...lattice, shift: { x: args.shift_x ?? 0, y: args.shift_y ?? 0 } })
  const [hole] = latticeHoles(unit, { ...lattice, shift: { x: 0, y: 0 } })
  const shift = { x: random.integer(unit.width - hole.width + 1), y: random.integer(unit.height - hole.height + 1) }
  return latticeHoles(size, { ...lattice, shift })
}

/** Cells of a lattice of 1.x: without numbers of holes a tenth of the width. */
export function latticeUnit(
  { height, width }: Size,
  { holes_number_x: across, holes_number_y: down }: Pick<GridArguments, 'holes_number_x' | 'holes_number_y'>,
): Size {
  const unitWidth = across === null ? Math.max(2, Math.floor(width / 10)) : Math.floor(width / across)
  const unitHeight = down === null ? Math.max(2, Math.min(unitWidth, height)) : Math.floor(height / down)
  return { height: unitHeight, width: unitWidth }
}

function drawCells(size: Size, args: GridArguments, random: Random): readonly Hole[] {
  const { rows, columns } = cellCounts(size, args, random)
  const [x, y] = args.shift_xy
  return cellHoles(
    size,
    random.shuffle(almostEqualCells(size.height, rows)),
    random.shuffle(almostEqualCells(size.width, columns)),
    args.ratio,
    (free) =>
      args.random_offset === false
        ? { x, y }
        : { x: random.integer(free.width + 1), y: random.integer(free.height + 1) },
  )
}

function cellCounts({ height, width }: Size, args: GridArguments, random: Random): { rows: number; columns: number } {
  if (args.holes_number_xy !== null) return { columns: args.holes_number_xy[0], rows: args.holes_number_xy[1] }
  const unit =
    args.unit_size_range === null
      ? { height: Math.max(2, Math.floor(height / 10)), width: Math.max(2, Math.floor(width / 10)) }
      : square(drawInteger(args.unit_size_range, random))
  return { rows: Math.max(1, Math.floor(height / unit.height)), columns: Math.max(1, Math.floor(width / unit.width)) }
}

function square(side: number): Size {
  return { height: side, width: side }
}
