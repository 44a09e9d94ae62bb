/** Part of a picture that all panes show alike: all of it, or a magnification about the picture point in the pane's middle. */
export type Zoom =
  | 'fit'
  | { /** CSS pixels per picture pixel. */ readonly scale: number; readonly centerX: number; readonly centerY: number }

export interface Size {
  readonly width: number
  readonly height: number
}

export interface Point {
  readonly x: number
  readonly y: number
}

/** Where a picture lies in its pane: CSS pixels per picture pixel, and its left upper corner in CSS pixels. */
export interface Placement {
  readonly scale: number
  readonly left: number
  readonly top: number
}

/** A pane and the picture in it: CSS pixels, picture pixels. */
export interface Frame {
  readonly pane: Size
  readonly picture: Size
}

const largestScale = 64

/** The largest scale at which all of the picture is seen; 1 where there is nothing to measure. */
function fittingScale({ pane, picture }: Frame): number {
  const scale = Math.min(pane.width / picture.width, pane.height / picture.height)
  return Number.isFinite(scale) && scale > 0 ? scale : 1
}

export function placementOf(zoom: Zoom, frame: Frame): Placement {
  const { scale, centerX, centerY } = explicit(zoom, frame)
  return { scale, left: frame.pane.width / 2 - centerX * scale, top: frame.pane.height / 2 - centerY * scale }
}

/**
 * Magnified by a factor; the picture point under `at` stays where it is, as far as the picture's edges allow.
 * @param at CSS pixels from the left upper corner of the pane; its middle when left out
 */
export function zoomed(zoom: Zoom, frame: Frame, factor: number, at?: Point): Zoom {
  const smallest = fittingScale(frame)
  const { pane } = frame
  const from = placementOf(zoom, frame)
  const scale = Math.min(from.scale * factor, Math.max(largestScale, smallest))
  if (scale <= smallest) return 'fit'
  const { x, y } = at ?? { x: pane.width / 2, y: pane.height / 2 }
  const [pictureX, pictureY] = [(x - from.left) / from.scale, (y - from.top) / from.scale]
  return within(
    {
      scale,
      centerX: pictureX + (pane.width / 2 - x) / scale,
      centerY: pictureY + (pane.height / 2 - y) / scale,
    },
    frame,
  )
}

/** Moved by CSS pixels, as a hand drags the picture; all of a picture stays where it is. */
export function panned(zoom: Zoom, frame: Frame, { x, y }: Point): Zoom {
  if (zoom === 'fit') return zoom
  const { scale, centerX, centerY } = zoom
  return within({ scale, centerX: centerX - x / scale, centerY: centerY - y / scale }, frame)
}

/** Column and row of the picture's pixel under a point of the pane; undefined beside the picture. */
export function pixelAt(point: Point, placement: Placement, picture: Size): Point | undefined {
  const x = Math.floor((point.x - placement.left) / placement.scale)
  const y = Math.floor((point.y - placement.top) / placement.scale)
  return x >= 0 && y >= 0 && x < picture.width && y < picture.height ? { x, y } : undefined
}

type Magnification = Exclude<Zoom, 'fit'>

function explicit(zoom: Zoom, frame: Frame): Magnification {
  if (zoom !== 'fit') return zoom
  const { width, height } = frame.picture
  return { scale: fittingScale(frame), centerX: width / 2, centerY: height / 2 }
}

/** A side that fits is centred; else no edge of the picture leaves the pane's edge behind. */
function within({ scale, centerX, centerY }: Magnification, { pane, picture }: Frame): Magnification {
  const bound = (center: number, paneSide: number, pictureSide: number): number => {
    const half = paneSide / scale / 2
    return half * 2 >= pictureSide ? pictureSide / 2 : Math.min(Math.max(center, half), pictureSide - half)
  }
  return {
    scale,
    centerX: bound(centerX, pane.width, picture.width),
    centerY: bound(centerY, pane.height, picture.height),
  }
}
