/** What the panel of the overlay and its view say to each other. */

/** How one validation image scored at the best epoch; every list in the order of the run's classes. */
export interface ScoredImage {
  /** Name as in scores.ndjson. */
  readonly name: string
  /** Mean IoU over the classes that occur in truth or prediction; null where no pixel counts. */
  readonly score: number | null
  /** null where a class neither occurs nor was predicted. */
  readonly iou: readonly (number | null)[]
  /** Pixels of the validation, which are the image's own unless images are resized for the network. */
  readonly tp: readonly number[]
  readonly fp: readonly number[]
  readonly fn: readonly number[]
}

/** A run that has scores. */
export interface OverlayRun {
  readonly classes: readonly OverlayClass[]
  readonly images: readonly ScoredImage[]
  /** Of all images together. */
  readonly fold: { readonly score: number | null; readonly iou: readonly (number | null)[] }
  /** The epoch that scores and predictions are of, counted from 1; undefined where it is not known. */
  readonly epoch: number | undefined
  /** Predictions are written when training ends: until then there are scores alone. */
  readonly isTraining: boolean
}

export interface OverlayClass {
  readonly name: string
  /** `#rrggbb`; undefined until the first picture brings the colours that were chosen for this run. */
  readonly color: string | undefined
}

/** The pictures of one image, all of the same size. Label maps are grey PNGs of class indices, 255 = ignored. */
export interface ImageLayers {
  readonly image: string
  readonly width: number
  readonly height: number
  readonly mimeType: string
  readonly photograph: Uint8Array<ArrayBuffer>
  /** null without a mask that can be read; the note says why, unless there is none. */
  readonly truth: Uint8Array<ArrayBuffer> | null
  readonly isMaskMissing: boolean
  /** null where the run has not predicted this image. */
  readonly prediction: Uint8Array<ArrayBuffer> | null
  readonly classes: readonly OverlayClass[]
  readonly note: string | undefined
}

/** What the baseline predicted on the same image, or why that cannot be shown. */
export type BaselinePrediction =
  | { readonly state: 'predicted'; readonly run: string; readonly prediction: Uint8Array<ArrayBuffer> }
  | { readonly state: 'is-baseline' }
  | { readonly state: 'not-predicted' }
  | { readonly state: 'other-classes'; readonly run: string }
  | { readonly state: 'unreadable'; readonly run: string; readonly message: string }

/** Why there is nothing to show. */
export type EmptyOverlay =
  | { readonly reason: 'loading' }
  | { readonly reason: 'training'; readonly epoch: number; readonly epochs: number | undefined }
  | { readonly reason: 'no-scores' }
  | { readonly reason: 'gone' }
  | { readonly reason: 'no-project' }
  | { readonly reason: 'unreadable'; readonly message: string }

/** Which run a panel shows: what is needed to show it again after a reload. */
export interface OverlaySubject {
  /** Folder of the project. */
  readonly root: string
  readonly run: string
}

export type ToOverlay =
  | { readonly type: 'run'; readonly subject: OverlaySubject; readonly run: OverlayRun }
  | { readonly type: 'empty'; readonly subject: OverlaySubject; readonly empty: EmptyOverlay }
  | { readonly type: 'layers'; readonly layers: ImageLayers }
  | { readonly type: 'baseline'; readonly image: string; readonly baseline: BaselinePrediction }
  | {
      readonly type: 'layers-failed'
      readonly image: string
      readonly message: string
      readonly hint: string | undefined
    }

export type FromOverlay =
  | { readonly type: 'ready' }
  /** `next` is the image that most likely comes after it. */
  | { readonly type: 'show'; readonly image: string; readonly next: string | undefined }
  | { readonly type: 'choose-run' }

/** The run that a view remembered; undefined for anything that is no state of an overlay. */
export function rememberedSubject(state: unknown): OverlaySubject | undefined {
  if (typeof state !== 'object' || state === null || !('root' in state) || !('run' in state)) return undefined
  const { root, run } = state
  return typeof root === 'string' && typeof run === 'string' ? { root, run } : undefined
}
