import { signedDistances } from './signedDistances.ts'

/** Makes one image's part of an input: of its labels [height·width], into `output` [height·width, classes]. */
type PixelInputMaker = (
  labels: ArrayLike<number>,
  size: { readonly height: number; readonly width: number },
  classes: number,
  output: Float32Array,
) => void

/** What a loss can ask for beside logits and labels: numbers per pixel and class that follow from the labels alone. */
export const pixelInputs = { signedDistances } satisfies Readonly<Record<string, PixelInputMaker>>

/** Also the name under which it enters the graph. */
export type PixelInputName = keyof typeof pixelInputs
