import type { DecodedImage } from '../decodeImage.ts'
import { grayGrid } from './grayGrid.ts'

/**
 * Difference hash: whether each of 8 × 8 cells is brighter than its left neighbour (Krawetz 2013, "Kind of Like That"; the
 * cells are box means here, where its author leaves the shrinking to a library).
 * @returns 64 bits as 16 hexadecimal digits
 */
export function differenceHash(image: DecodedImage): string {
  const cells = grayGrid(image, 8, 9)
  const bytes = Array.from({ length: 8 }, (_, row) => {
    let byte = 0
    for (let column = 0; column < 8; column++) {
      const left = row * 9 + column
      byte = (byte << 1) | Number(cells[left + 1] > cells[left])
    }
    return byte
  })
  return Buffer.from(bytes).toString('hex')
}

/** Number of bits in which two words of 32 bits differ (Warren, Hacker's Delight, 5-1). */
export function differingBits(a: number, b: number): number {
  let bits = a ^ b
  bits -= (bits >>> 1) & 0x55555555
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
