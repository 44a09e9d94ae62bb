import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { encode } from 'fast-png'

/** A gray PNG. @param values [height, width], 0 … 255 */
function grayPng(values: readonly number[], width: number): Uint8Array {
  return encode({ width, height: values.length / width, channels: 1, data: Uint8Array.from(values) })
}

/** Writes images/NAME.png and masks/NAME.png. */
export function writePair(
  root: string,
  name: string,
  image: readonly number[],
  mask: readonly number[],
  width: number,
): void {
  for (const [folder, values] of [
    ['images', image],
    ['masks', mask],
  ] as const) {
    // prettier-ignore
    mkdirSync(join(root, folder), { recursive: true })
    writeFileSync(join(root, folder, `${name}.png`), grayPng(values, width))
  }
}
