import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import type { Size } from '../../augment/sample.ts'

/** Where the label map of an image comes from; plain data, so it can be sent to a worker. A text is the path of a PNG mask. */
export type MaskSource = string | DrawnMask | SegmentsMask

/** A label map that is drawn from annotations: later shapes lie over earlier ones. */
export interface DrawnMask {
  readonly kind: 'drawn'
  /** Absolute path of the file of annotations. */
  readonly file: string
  /** The image in that file, for messages. */
  readonly subject: string
  /** Height and width, or an image file whose header gives them. */
  readonly size: Size | string
  /** Mask value of pixels that no shape covers. */
  readonly unlabelled: number
  readonly shapes: readonly Shape[]
}

export interface Shape {
  /** Names the annotation in messages. */
  readonly id: string
  /** Mask value. */
  readonly value: number
  readonly area: ShapeArea
}

/** What a shape covers. */
export type ShapeArea =
  /** Rings x0 y0 x1 y1 … in pixels, as COCO means them: the union of all. */
  | { readonly kind: 'polygons'; readonly rings: readonly (readonly number[])[] }
  /** One ring whose border belongs to it, as annotation tools draw it. */
  | { readonly kind: 'outlined'; readonly ring: readonly number[] }
  /** Run lengths down the columns, of 0 and 1 in turn, over the whole image; a text is COCO's compressed form. */
  | { readonly kind: 'counts'; readonly counts: string | readonly number[] }
  /** Pairs of start and length, from 1, down the columns of the whole image: Kaggle's `EncodedPixels`. */
  | { readonly kind: 'spans'; readonly text: string }
  /** A PNG of the whole image: whatever is not 0. */
  | { readonly kind: 'png'; readonly file: string }

/** A PNG of segment ids (R + 256 G + 65536 B) with a table of what they mean. */
export interface SegmentsMask {
  readonly kind: 'segments'
  /** Absolute path of the PNG. */
  readonly file: string
  /** Mask value of each segment id. */
  readonly values: ReadonlyMap<number, number>
  /** Mask value of segment id 0, which belongs to no segment. */
  readonly unlabelled: number
}

/** What a message calls a mask: its file, and which image of it. */
export function maskName(source: MaskSource): string {
  if (typeof source === 'string') return source
  return source.kind === 'drawn' ? `${source.file} (${source.subject})` : source.file
}

/** The file that belongs to this mask alone; undefined where a file of annotations holds many. */
export function ownMaskFile(source: MaskSource): string | undefined {
  if (typeof source === 'string') return source
  return source.kind === 'segments' ? source.file : undefined
}

/** Changes with the mask, without reading its pixels: the size of its file and whatever the annotations say. */
export function maskDigest(source: MaskSource): string {
  if (typeof source === 'string') return String(statSync(source).size)
  const { kind, file, unlabelled } = source
  const said = kind === 'segments' ? [statSync(file).size, ...source.values] : source.shapes.map(saidOf)
  return createHash('sha256')
    .update(JSON.stringify([kind, unlabelled, said]))
    .digest('hex')
}

/** Paths are of this machine; the size of a file goes with it. */
function saidOf({ value, area }: Shape): unknown {
  return [value, area.kind === 'png' ? statSync(area.file).size : area]
}
