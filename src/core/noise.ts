import { spread } from './spread.ts'

/** How a difference from the baseline stands to the noise floor: what the baseline's own folds and seeds scatter. */
export type Verdict = 'better' | 'worse' | 'within-noise' | 'noise-unknown'

export interface Judgement {
  readonly verdict: Verdict
  /** Noise floor, in the unit of the scores; null where it is unknown. */
  readonly noise: number | null
}

/**
 * Judges a difference of scores of which more is better. Up to the noise floor, inclusive, it says nothing.
 * @param baselineScores one per run of the baseline, over its folds and seeds; fewer than two have no spread
 */
export function judgeDifference(difference: number, baselineScores: readonly number[]): Judgement {
  const { deviation: noise } = spread(baselineScores)
  if (noise === null) return { verdict: 'noise-unknown', noise }
  if (Math.abs(difference) <= noise) return { verdict: 'within-noise', noise }
  return { verdict: difference > 0 ? 'better' : 'worse', noise }
}
