import type { ScannedImage } from './scanImage.ts'

export interface ChannelStatistics {
  /** L where red, green and blue are equal in every image: one channel then says it all. */
  readonly channels: 'L' | 'RGB'
  /** Of values divided by 255, all pixels of all images pooled; one entry per channel. */
  readonly mean: readonly number[]
  /** Population standard deviation of the same. */
  readonly std: readonly number[]
}

/** From exact integer sums, however many pixels there are; undefined without images. */
export function channelStatistics(images: readonly ScannedImage[]): ChannelStatistics | undefined {
  if (images.length === 0) return undefined
  const isGray = images.every((image) => image.isGray)
  const total = (value: (image: ScannedImage) => number): bigint =>
    images.reduce((sum, image) => sum + BigInt(value(image)), 0n)
  const count = Number(total(({ height, width }) => height * width))
  const moments = (isGray ? [0] : [0, 1, 2]).map((channel) => ({
    mean: Number(total(({ sums }) => sums[channel])) / count,
    square: Number(total(({ squares }) => squares[channel])) / count,
  }))
  return {
    channels: isGray ? 'L' : 'RGB',
    mean: moments.map(({ mean }) => mean / 255),
    // The sums are exact, so that the difference loses nothing that matters; rounding may take it just below 0.
    std: moments.map(({ mean, square }) => Math.sqrt(Math.max(0, square - mean ** 2)) / 255),
  }
}
