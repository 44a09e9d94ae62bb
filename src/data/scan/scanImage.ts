import { createHash } from 'node:crypto'
import * as z from 'zod'
import { decodeImage, type DecodedImage } from '../decodeImage.ts'
import { readImageFile } from '../imageFile.ts'
import { grayGrid } from './grayGrid.ts'
import { differenceHash } from './perceptualHash.ts'

const threeSums = z.tuple([z.number(), z.number(), z.number()])

/** Side of the small gray picture that near duplicates are compared by. */
const thumbnailSide = 24

export const scannedImageSchema = z.object({
  /** As displayed. */
  height: z.int(),
  width: z.int(),
  /** SHA-256 of the file, and of its size and decoded pixels: equal for one picture in two formats without loss. */
  fileHash: z.string(),
  pixelHash: z.string(),
  /** See differenceHash. */
  differenceHash: z.string(),
  /** [24, 24] brightness 0 … 255, base64. */
  thumbnail: z.string(),
  /** Per channel R, G, B: Σ v and Σ v² over all pixels, v = 0 … 255; exact. */
  sums: threeSums,
  squares: threeSums,
  /** Red, green and blue are equal everywhere. */
  isGray: z.boolean(),
  /** What reading it had to say. */
  warnings: z.array(z.string()),
})

/** What there is to know of an image without looking at others. */
export type ScannedImage = Readonly<z.infer<typeof scannedImageSchema>>

/** @throws UserError as decodeImage */
export async function scanImage(path: string): Promise<ScannedImage> {
  const { bytes } = await readImageFile(path)
  const decoded = await decodeImage(path)
  const { height, width, image, warnings } = decoded
  return {
    height,
    width,
    fileHash: createHash('sha256').update(bytes).digest('hex'),
    pixelHash: createHash('sha256').update(`${height}x${width} `).update(image).digest('hex'),
    differenceHash: differenceHash(decoded),
    thumbnail: Buffer.from(grayGrid(decoded, thumbnailSide, thumbnailSide).map(Math.round)).toString('base64'),
    ...channelSums(decoded),
    warnings: [...warnings],
  }
}

function channelSums({ image }: DecodedImage): Pick<ScannedImage, 'sums' | 'squares' | 'isGray'> {
  const counts = [new Float64Array(256), new Float64Array(256), new Float64Array(256)]
  let isGray = true
  for (let i = 0; i < image.length; i += 3) {
    const [red, green, blue] = [image[i], image[i + 1], image[i + 2]]
    counts[0][red]++
    counts[1][green]++
    counts[2][blue]++
    isGray &&= red === green && green === blue
  }
  const sumOf = (channel: number, power: number): number =>
    counts[channel].reduce((sum, count, value) => sum + count * value ** power, 0)
  return {
    sums: [sumOf(0, 1), sumOf(1, 1), sumOf(2, 1)],
    squares: [sumOf(0, 2), sumOf(1, 2), sumOf(2, 2)],
    isGray,
  }
}
