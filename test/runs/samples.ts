import type { RunRecord, RunResult } from '../../src/protocol/runFolder.ts'

const shared = {
  v: 1,
  run: 'baseline.f0.s1',
  experiment: 'baseline',
  fold: 0,
  seed: 1,
  config: { model: { arch: 'Unet' } },
  configHash: 'c0',
  splitHash: 'a1',
  dataHash: 'd2',
  engine: { name: 'onnx', lowering: 'blocked', determinism: 'bitwise' },
  versions: { foldwise: '0.1.0', node: '20.9.0' },
} as const

export const recordSample: RunRecord = {
  ...shared,
  created: '2026-01-31T09:30:00.000Z',
  projectHash: 'b3',
  classes: [{ id: 0, name: 'background', color: '#000000' }],
  device: 'cpu',
  threads: 2,
  host: { platform: 'linux', arch: 'x64', cpu: 'some', cores: 2, memoryBytes: 8e9 },
  git: { commit: 'abc', dirty: true },
}

export const resultSample: RunResult = {
  ...shared,
  best: { epoch: 7, metric: 'mIoU', value: 0.6, loss: 0.3, mIoU: 0.6, dice: 0.7, pixelAccuracy: null },
  scores: { loss: 0.3, mIoU: 0.6, classes: ['a', 'b'], perClassIoU: [0.6, null], dice: 0.7, pixelAccuracy: null },
  durationMs: 60_000,
  finished: '2026-01-31T10:30:00.000Z',
}
