/** One stage of EfficientNet (Tan & Le 2019, table 1): `repeats` inverted bottlenecks, the first with `stride`. */
export interface Stage {
  readonly kernel: 3 | 5
  readonly stride: 1 | 2
  /** Channels inside a block per channel at its input. */
  readonly expansion: number
  readonly channels: number
  readonly repeats: number
}

const baseline: readonly Stage[] = [
  { kernel: 3, stride: 1, expansion: 1, channels: 16, repeats: 1 },
  { kernel: 3, stride: 2, expansion: 6, channels: 24, repeats: 2 },
  { kernel: 5, stride: 2, expansion: 6, channels: 40, repeats: 2 },
  { kernel: 3, stride: 2, expansion: 6, channels: 80, repeats: 3 },
  { kernel: 5, stride: 1, expansion: 6, channels: 112, repeats: 3 },
  { kernel: 5, stride: 2, expansion: 6, channels: 192, repeats: 4 },
  { kernel: 3, stride: 1, expansion: 6, channels: 320, repeats: 1 },
]

export const stemChannels = 32
export const headChannels = 1280
/** Squeezed channels per channel at the block's input. */
export const squeezeRatio = 0.25

/** Multiples of 8, at most a tenth below the exact number. */
export function scaleChannels(channels: number, width: number): number {
  const exact = channels * width
  const rounded = Math.max(8, Math.floor((exact + 4) / 8) * 8)
  return rounded < 0.9 * exact ? rounded + 8 : rounded
}

/**
 * The stages of a wider and deeper network.
 * @param keepEnds the Lite networks do not deepen their first and last stage
 */
export function scaleStages(width: number, depth: number, keepEnds = false): readonly Stage[] {
  return baseline.map((stage, index) => ({
    ...stage,
    channels: scaleChannels(stage.channels, width),
    repeats:
      keepEnds && (index === 0 || index === baseline.length - 1) ? stage.repeats : Math.ceil(stage.repeats * depth),
  }))
}
