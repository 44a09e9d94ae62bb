/** Which training images an epoch shows how often. */
export interface Sampler {
  readonly name: string
  /** One line for help and hover. */
  readonly summary: string
  /**
   * Probability of each image at every draw; they sum to 1.
   * @param pixels of each image, by class
   * @param foregroundShare as `data.foreground_share`
   */
  probabilities(pixels: readonly (readonly number[])[], foregroundShare: number): readonly number[]
}
