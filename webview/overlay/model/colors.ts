import type { OverlayClass } from '../../../src/protocol/overlayMessages.ts'
import { errorKinds, ignoredLabel, type ErrorKind } from './errorKinds.ts'

/** Okabe & Ito's colours, which colour-blind eyes tell apart, and by their lightness too. */
export const errorColors: Readonly<Record<ErrorKind, string>> = {
  none: '#000000',
  hit: '#56b4e9',
  false: '#d55e00',
  missed: '#f0e442',
  confused: '#cc79a7',
  wrong: '#d55e00',
  ignored: '#e0e0c0',
}

/** Colour of ignored pixels, as in all pictures of Foldwise. */
export const ignoredColor = errorColors.ignored

/**
 * Colours for 256 values as RGBA, one 32-bit word each, in the byte order of image data.
 * @param colorOf `#rrggbb`; undefined leaves a value transparent
 */
function colorTable(colorOf: (value: number) => string | undefined): Uint32Array<ArrayBuffer> {
  const bytes = new Uint8Array(256 * 4)
  for (let value = 0; value < 256; value++) {
    const color = colorOf(value)
    if (color === undefined) continue
    const rgb = Number.parseInt(color.slice(1), 16)
    bytes.set([rgb >> 16, (rgb >> 8) & 255, rgb & 255, 255], value * 4)
  }
  return new Uint32Array(bytes.buffer)
}

/** Colours of the labels of shown classes; ignored pixels are seen while anything is. */
export function labelColors(classes: readonly OverlayClass[], shown: readonly boolean[]): Uint32Array<ArrayBuffer> {
  return colorTable((label) => {
    if (label === ignoredLabel) return shown.includes(true) ? ignoredColor : undefined
    return label < classes.length && shown[label] ? classes[label].color : undefined
  })
}

/** Colours of the kinds of errors. */
export function errorKindColors(): Uint32Array<ArrayBuffer> {
  return colorTable((kind) => (kind > 0 && kind < errorKinds.length ? errorColors[errorKinds[kind]] : undefined))
}

/** Opaque where the kind is one of these: the mask of a hatching. */
export function errorKindMask(kind: ErrorKind): Uint32Array<ArrayBuffer> {
  return colorTable((value) => (errorKinds[value] === kind ? '#000000' : undefined))
}
