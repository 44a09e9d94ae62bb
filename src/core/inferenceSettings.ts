/** Symmetries of test-time augmentation. */
export type TestTimeSet = 'none' | 'hflip' | 'hvflip' | 'd4'
export type Blend = 'gaussian' | 'constant'

/** How validation and prediction see an image; what each means stands in the schema (inference.ts). */
export interface InferenceSettings {
  readonly window: 'whole' | readonly [height: number, width: number]
  readonly overlap: number
  readonly blend: Blend
  readonly tta: TestTimeSet
  readonly tta_scales: readonly number[]
}

/** What an experiment that says nothing does, and what runs did before they recorded it. */
export const defaultInference: InferenceSettings = {
  window: 'whole',
  overlap: 0.25,
  blend: 'gaussian',
  tta: 'none',
  tta_scales: [1],
}
