import type { Size } from '../../augment/sample.ts'
import { UserError } from '../../core/errors.ts'
import { readMaskPixels, type MaskPixels } from '../maskPixels.ts'
import { readSize } from '../readSize.ts'
import { drawMask, drawnSize } from './drawMask.ts'
import type { MaskSource, SegmentsMask } from './maskSource.ts'

/**
 * The mask values of every pixel, wherever they come from.
 * @throws UserError for files that are damaged or too large, and for annotations that cannot be drawn
 */
export async function readMask(source: MaskSource, pixelLimit: number): Promise<MaskPixels> {
  if (typeof source === 'string') return readMaskPixels(source, pixelLimit)
  return source.kind === 'drawn' ? drawMask(source, pixelLimit) : readSegments(source, pixelLimit)
}

/** Height and width of a mask without its pixels. */
export async function readMaskSize(source: MaskSource, pixelLimit: number): Promise<Size> {
  if (typeof source === 'string') return readSize(source, pixelLimit)
  return source.kind === 'drawn' ? drawnSize(source, pixelLimit) : readSize(source.file, pixelLimit)
}

async function readSegments({ file, values, unlabelled }: SegmentsMask, pixelLimit: number): Promise<MaskPixels> {
  const { kind, height, width, values: colors, warnings } = await readMaskPixels(file, pixelLimit)
  if (kind === 'palette') {
    throw new UserError('this PNG has a palette; a PNG of segments holds their ids as colours', {
      file,
      allowed: 'RGB, id = R + 256 G + 65536 B',
      code: 'unsupported-mask',
    })
  }
  const unknown = new Map<number, number>()
  const labels = Uint16Array.from(colors, (color) => {
    // A grey file holds ids below 256 as they are; the reader gives colours as 0xRRGGBB.
    const id = kind === 'gray' ? color : (color >> 16) | (color & 0xff00) | ((color & 255) << 16)
    const value = id === 0 ? unlabelled : values.get(id)
    if (value === undefined) unknown.set(id, (unknown.get(id) ?? 0) + 1)
    return value ?? unlabelled
  })
  if (unknown.size > 0) throw unknownSegments(file, unknown)
  return { kind: 'gray', height, width, values: labels, palette: [], warnings }
}

function unknownSegments(file: string, unknown: ReadonlyMap<number, number>): UserError {
  const shown = [...unknown].slice(0, 10).map(([id, pixels]) => `${id} (${pixels} pixels)`)
  return new UserError(`${unknown.size} segment ids of this PNG are not in the JSON file`, {
    file,
    value: shown.join(', '),
    hint: 'The PNG and the JSON file do not belong together: export both again.',
    code: 'unknown-segment',
  })
}
