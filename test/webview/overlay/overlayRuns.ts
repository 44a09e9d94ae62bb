import { encode } from 'fast-png'
import { countsOf, confusionMatrix } from '../../../src/core/metrics.ts'
import type {
  FromOverlay,
  ImageLayers,
  OverlayRun,
  ScoredImage,
  ToOverlay,
} from '../../../src/protocol/overlayMessages.ts'
import { overlayRun } from '../../../src/extension/panels/overlayRun.ts'

export const subject = { root: '/project', run: 'cutout.f0.s0' }

export const classes = [
  { name: 'background', color: '#000000' },
  { name: 'disc', color: '#e69f00' },
  { name: 'square', color: '#56b4e9' },
]

export const side = 16

/** Labels of a square picture, row by row. */
export function labelsWhere(labelAt: (x: number, y: number) => number): Uint8Array {
  return Uint8Array.from({ length: side * side }, (_, i) => labelAt(i % side, Math.floor(i / side)))
}

/** The left half is disc, the right half square, the upper row background. */
export const truth = labelsWhere((x, y) => (y === 0 ? 0 : x < side / 2 ? 1 : 2))

/** Images of growing faults: `easy` has none, `image2` takes four columns of squares for discs, `image10` eight. */
export const predictions: Readonly<Record<string, Uint8Array>> = {
  'easy.png': truth,
  'image2.png': labelsWhere((x, y) => (y === 0 ? 0 : x < side / 2 + 4 ? 1 : 2)),
  'image10.png': labelsWhere((_, y) => (y === 0 ? 0 : 1)),
}

export const baselinePrediction = labelsWhere(() => 2)

export function greyPng(labels: Uint8Array, width = side, height = side): Uint8Array<ArrayBuffer> {
  return new Uint8Array(encode({ width, height, data: labels, depth: 8, channels: 1 }))
}

function whitePng(): Uint8Array<ArrayBuffer> {
  const data = new Uint8Array(side * side * 3).fill(255)
  return new Uint8Array(encode({ width: side, height: side, data, depth: 8, channels: 3 }))
}

export function testRun(): OverlayRun {
  return overlayRun({
    classes: classes.map(({ name, color }, id) => ({ id, name, color })),
    scores: Object.entries(predictions).map(([image, prediction]) => ({
      image,
      ...countsOf(confusionMatrix(truth, prediction, classes.length, 255), classes.length),
    })),
    epoch: 7,
    isTraining: false,
  })
}

export function testLayers(image: string, changes: Partial<ImageLayers> = {}): ToOverlay {
  return {
    type: 'layers',
    layers: {
      image,
      width: side,
      height: side,
      mimeType: 'image/png',
      photograph: whitePng(),
      truth: greyPng(truth),
      isMaskMissing: false,
      prediction: greyPng(predictions[image]),
      classes,
      note: undefined,
      ...changes,
    },
  }
}

function testBaseline(image: string): ToOverlay {
  return {
    type: 'baseline',
    image,
    baseline: { state: 'predicted', run: 'baseline.f0.s0', prediction: greyPng(baselinePrediction) },
  }
}

/** What a host sends that has everything. */
export function wellBehaved(message: FromOverlay): readonly ToOverlay[] {
  switch (message.type) {
    case 'ready':
      return [{ type: 'run', subject, run: testRun() }]
    case 'show':
      return [testLayers(message.image), testBaseline(message.image)]
    case 'choose-run':
      return []
    default:
      return message satisfies never
  }
}

export function scored(name: string, score: number | null, iou: readonly (number | null)[] = []): ScoredImage {
  return { name, score, iou, tp: [], fp: [], fn: [] }
}
