import type { Placement, Size } from '../model/zoom.ts'

/** One of the pictures that lie over each other in a pane, all of the picture's size. */
export interface PaneLayer {
  readonly source: CanvasImageSource
  /** 0 … 1 */
  readonly opacity: number
  /** Label maps show their pixels at every magnification, photographs from the second on. */
  readonly isLabels: boolean
  /** Drawn instead of the opaque pixels of the source: a tile in pixels of the screen. */
  readonly tile?: CanvasImageSource
}

/** Magnification, in pixels of the screen, from which a photograph's pixels are shown as they are. */
const crispScale = 2

/**
 * Draws the layers over each other.
 * @param ratio pixels of the screen per CSS pixel
 */
export function drawPane(
  canvas: HTMLCanvasElement,
  pane: Size,
  ratio: number,
  picture: Size,
  placement: Placement,
  layers: readonly PaneLayer[],
): void {
  const [width, height] = [Math.round(pane.width * ratio), Math.round(pane.height * ratio)]
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height })
  const context = canvas.getContext('2d')!
  context.clearRect(0, 0, width, height)
  const scale = placement.scale * ratio
  const [left, top] = [Math.round(placement.left * ratio), Math.round(placement.top * ratio)]
  for (const { source, opacity, isLabels, tile } of layers) {
    context.globalAlpha = opacity
    context.imageSmoothingEnabled = !isLabels && scale < crispScale
    context.imageSmoothingQuality = 'high'
    const drawn = tile === undefined ? source : tiled(source, tile, { width, height }, picture, { scale, left, top })
    if (tile === undefined) context.drawImage(drawn, left, top, picture.width * scale, picture.height * scale)
    else context.drawImage(drawn, 0, 0)
  }
  context.globalAlpha = 1
}

/** The tile, wherever the mask is opaque; all in pixels of the screen. */
function tiled(
  mask: CanvasImageSource,
  tile: CanvasImageSource,
  { width, height }: Size,
  picture: Size,
  { scale, left, top }: Placement,
): OffscreenCanvas {
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d')!
  context.imageSmoothingEnabled = false
  context.drawImage(mask, left, top, picture.width * scale, picture.height * scale)
  context.globalCompositeOperation = 'source-in'
  context.fillStyle = context.createPattern(tile, 'repeat')!
  context.fillRect(0, 0, width, height)
  return canvas
}
