import type { Size } from '../sample.ts'

/** One image of interleaved channels. */
export interface Picture extends Size {
  /** [height, width, channels] */
  readonly image: Uint8Array
  readonly channels: number
}
