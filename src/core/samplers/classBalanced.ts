import type { Sampler } from './sampler.ts'

/**
 * Class-aware sampling (Shen, Lin & Huang 2016, "Relay Backpropagation"): a class is drawn uniformly, then an image uniformly
 * among the n_c images that have a pixel of it. p(i) = 1/C' · Σ over the classes c of image i of 1/n_c, where C' counts the
 * classes that occur at all. An image of ignored pixels alone is never
 * drawn, unless there are no others.
 */
export const classBalanced: Sampler = {
  name: 'class_balanced',
  summary: 'class_balanced draws a class uniformly and then an image that has it (Shen et al. 2016)',
  probabilities: (pixels) => {
    const classes = pixels[0].map((_, index) => index)
    const images = classes.map((c) => pixels.filter((counts) => counts[c] > 0).length)
    const occurring = images.filter((count) => count > 0).length
    if (occurring === 0) return pixels.map(() => 1 / pixels.length)
    return pixels.map((counts) =>
      classes.reduce((sum, c) => sum + (counts[c] > 0 ? 1 / (images[c] * occurring) : 0), 0),
    )
  },
}
