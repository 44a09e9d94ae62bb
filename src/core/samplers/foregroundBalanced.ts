import type { Sampler } from './sampler.ts'

/**
 * A share s of the draws shows images with foreground, a pixel of any class but the first; the rest shows the others:
 * p(i) = s / n_foreground or (1 − s) / n_background. Uniform where all images are of one kind. (nnU-Net oversamples
 * foreground in the same way, with s = 1/3, by the places of its patches: Isensee et al. 2021.)
 */
export const foregroundBalanced: Sampler = {
  name: 'foreground_balanced',
  summary: 'foreground_balanced shows images that have a class other than the first in foreground_share of the draws',
  probabilities: (pixels, share) => {
    const hasForeground = pixels.map((counts) => counts.slice(1).some((count) => count > 0))
    const foreground = hasForeground.filter(Boolean).length
    const background = pixels.length - foreground
    if (foreground === 0 || background === 0) return pixels.map(() => 1 / pixels.length)
    return hasForeground.map((has) => (has ? share / foreground : (1 - share) / background))
  },
}
