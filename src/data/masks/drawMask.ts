import type { Size } from '../../augment/sample.ts'
import { UserError } from '../../core/errors.ts'
import { readMaskPixels, type MaskPixels } from '../maskPixels.ts'
import { checkSize, readSize } from '../readSize.ts'
import type { DrawnMask, ShapeArea } from './maskSource.ts'
import { outlinedRuns } from './outlinedRuns.ts'
import { polygonRuns } from './polygonRuns.ts'
import { decodeCounts, runsOfCounts, runsOfSpans } from './runLengths.ts'

/**
 * Draws annotations into a label map, in their order.
 * @throws UserError that names the file and every annotation that cannot be drawn
 */
export async function drawMask(source: DrawnMask, pixelLimit: number): Promise<MaskPixels> {
  const size = await drawnSize(source, pixelLimit)
  const values = new Uint16Array(size.height * size.width).fill(source.unlabelled)
  const faults: string[] = []
  for (const { id, value, area } of source.shapes) {
    try {
      if (area.kind === 'png') await paintPng(values, size, area.file, value)
      else for (const runs of runsOf(area, size)) paintRuns(values, size, runs, value)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      faults.push(`annotation ${id}: ${error.message}`)
    }
  }
  if (faults.length > 0) throw cannotDraw(source, faults)
  return { ...size, kind: 'gray', values, palette: [], warnings: [] }
}

/** Height and width of the drawing. @throws UserError where they are beyond the limit or cannot be read */
export async function drawnSize({ size, file }: DrawnMask, pixelLimit: number): Promise<Size> {
  if (typeof size === 'string') {
    const { height, width } = await readSize(size, pixelLimit)
    return { height, width }
  }
  checkSize(size.height, size.width, file, pixelLimit)
  return size
}

function runsOf(area: Exclude<ShapeArea, { kind: 'png' }>, size: Size): readonly (readonly number[])[] {
  if (area.kind === 'polygons') return area.rings.map((ring) => polygonRuns(ring, size))
  if (area.kind === 'outlined') return [outlinedRuns(area.ring, size)]
  if (area.kind === 'spans') return [runsOfSpans(area.text, size.height * size.width)]
  const counts = typeof area.counts === 'string' ? decodeCounts(area.counts) : area.counts
  return [runsOfCounts(counts, size.height * size.width)]
}

async function paintPng(values: Uint16Array, { height, width }: Size, file: string, value: number): Promise<void> {
  const found = await readMaskPixels(file, height * width)
  if (found.height !== height || found.width !== width)
    throw new RangeError(`it has ${found.width}x${found.height} pixels (width x height), the image ${width}x${height}`)
  for (let i = 0; i < values.length; i++) if (found.values[i] !== 0) values[i] = value
}

/** @param runs starts and ends in turn, as offsets down the columns */
function paintRuns(values: Uint16Array, { height, width }: Size, runs: readonly number[], value: number): void {
  for (let i = 0; i + 1 < runs.length; i += 2) {
    let column = Math.floor(runs[i] / height)
    let row = runs[i] % height
    for (let left = runs[i + 1] - runs[i]; left > 0; left--) {
      values[row * width + column] = value
      if (++row === height) {
        row = 0
        column++
      }
    }
  }
}

function cannotDraw({ file, subject }: DrawnMask, faults: readonly string[]): UserError {
  const shown = faults.slice(0, 10).join('; ')
  return new UserError(
    `annotations of ${subject} cannot be drawn: ${shown}${faults.length > 10 ? `; and ${faults.length - 10} more` : ''}`,
    { file, hint: 'Export the annotations again, or remove these.', code: 'bad-annotation' },
  )
}
