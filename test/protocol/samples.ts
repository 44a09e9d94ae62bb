import type { EventOf, NewRunEvent, RunEvent } from '../../src/protocol/events.ts'

const scores = {
  loss: 0.31,
  mIoU: 0.62,
  classes: ['background', 'cell', 'absent'],
  perClassIoU: [0.9, 0.34, null],
  dice: 0.7,
  pixelAccuracy: 0.93,
}

export const startedSample: Omit<EventOf<'started'>, 'time'> = {
  type: 'started',
  run: 'baseline.f0.s1',
  experiment: 'baseline',
  fold: 0,
  seed: 1,
  config: { model: { arch: 'Unet', encoder_name: 'resnet18' } },
  device: 'cpu',
  engine: { name: 'onnx', lowering: 'blocked', determinism: 'bitwise' },
  threads: 2,
  versions: { foldwise: '0.1.0' },
  images: { train: 40, valid: 10 },
  classes: [{ id: 0, name: 'background' }],
  splitHash: 'a1b2',
}

export const stepSample: Omit<EventOf<'step'>, 'time'> = {
  type: 'step',
  step: 3,
  epoch: 0,
  loss: 1.25,
  parts: { CrossEntropyLoss: 1, DiceLoss: 0.25 },
  lr: 1e-3,
  gradNorm: 2.5,
  imagesPerSecond: 12.5,
  dataWaitMs: 0.4,
}

/** One event of every type. */
export const eventSamples: readonly NewRunEvent[] = [
  startedSample,
  { type: 'phase', phase: 'train' },
  stepSample,
  { type: 'epoch', epoch: 0, train: { loss: 0.5, mIoU: 0.6 }, valid: scores, seconds: 12.5, rssBytes: 5e8 },
  { type: 'checkpoint', kind: 'best', epoch: 0, step: 20, file: 'checkpoints/best.safetensors' },
  { type: 'check', name: 'overfit', verdict: 'pass', message: 'loss fell', values: { losses: [1, 0.1], ok: true } },
  { type: 'preview', epoch: 0, image: 'a', file: 'predictions/a.png' },
  { type: 'warning', message: 'two images are equal' },
  { type: 'failed', code: 'disk-full', message: 'no space', hint: 'free some' },
  { type: 'stopped', epoch: 3, step: 60 },
  {
    type: 'finished',
    epoch: 9,
    best: { epoch: 7, metric: 'mIoU', value: 0.62, loss: 0.31, mIoU: 0.62, dice: 0.7, pixelAccuracy: 0.93 },
  },
]

export function at(event: NewRunEvent, time = '2026-01-31T09:30:00.000Z'): RunEvent {
  return { time, ...event }
}
