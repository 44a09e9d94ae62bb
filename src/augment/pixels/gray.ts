import { kernelsWith, layOut } from '../kernels/kernels.ts'
import { throughKernel } from '../kernels/throughKernel.ts'

/** Every colour replaced by its gray level, 0.299 R + 0.587 G + 0.114 B as OpenCV's COLOR_RGB2GRAY. [H, W, 3] */
export function grayImage(image: Uint8Array): Uint8Array {
  return throughKernel(image, 0, ({ run, from, to }) => {
    run.gray(from, to, image.length / 3)
  })
}

/** @param image [H, W, 3]  @returns mean over all pixels of the same gray levels */
export function meanLuma(image: Uint8Array): number {
  const [at, end] = layOut(image.length + 16)
  const { run, buffer } = kernelsWith(end)
  const bytes = new Uint8Array(buffer, at, image.length + 16)
  bytes.set(image)
  bytes.fill(0, image.length)
  return image.length === 0 ? 0 : (run.graySum(at, image.length / 3) * 3) / image.length
}
