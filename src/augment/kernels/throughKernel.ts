import type { Picture } from '../pixels/picture.ts'
import { kernelsWith, layOut, type Kernels } from './kernels.ts'

/** Kernels read and write whole vectors: so many bytes beyond what is meant. */
const slack = 64

/** Where a kernel finds an image and writes one of the same size. */
export interface KernelImage extends Kernels {
  readonly from: number
  readonly to: number
  /** The memory that was asked for besides. */
  readonly extra: number
}

/** An image through a kernel that makes another of the same size. @param extraBytes that the kernel needs besides */
export function throughKernel(image: Uint8Array, extraBytes: number, act: (at: KernelImage) => void): Uint8Array {
  const [from, to, extra, end] = layOut(image.length + slack, image.length + slack, extraBytes)
  const kernels = kernelsWith(end)
  new Uint8Array(kernels.buffer, from, image.length).set(image)
  act({ ...kernels, from, to, extra })
  return new Uint8Array(kernels.buffer, to, image.length).slice()
}

/** What every filter of filters.as.ts takes. */
export interface PaddedImage extends Kernels {
  readonly padded: number
  /** Bytes from one row of the padded image to the next. */
  readonly stride: number
  /** Of a row without its border. */
  readonly bytes: number
  readonly to: number
  readonly extra: number
}

/** How a filter sees beyond the image: `reflect_101` or its outermost pixel (OpenCV's names). */
export type FilterBorder = 'reflect_101' | 'replicate'

/** The same for filters, which read the image with a border of `radius` pixels. @param extraBytes by the bytes of a padded row */
export function throughFilter(
  { image, height, width, channels }: Picture,
  radius: number,
  border: FilterBorder,
  extraBytes: (stride: number) => number,
  act: (at: PaddedImage) => void,
): Uint8Array {
  const bytes = width * channels
  const stride = Math.ceil((bytes + 2 * radius * channels + slack) / 16) * 16
  // The image has gone into the padded one when the output takes its place.
  const [to, padded, extra, end] = layOut(
    image.length + slack,
    stride * (height + 2 * radius) + slack,
    extraBytes(stride),
  )
  const { run, buffer } = kernelsWith(end)
  new Uint8Array(buffer, to, image.length).set(image)
  run.padImage(to, height, width, channels, radius, border === 'reflect_101', padded, stride)
  act({ run, buffer, padded, stride, bytes, to, extra })
  return new Uint8Array(buffer, to, image.length).slice()
}
