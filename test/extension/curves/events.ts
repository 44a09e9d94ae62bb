import type { EventOf, NewRunEvent } from '../../../src/protocol/events.ts'
import { recordSample } from '../../runs/samples.ts'
import { baselineConfig } from '../tree/configSample.ts'

type Changes<Type extends 'started' | 'step'> = Partial<Omit<EventOf<Type>, 'time' | 'type'>>

export function startedEvent(changes: Changes<'started'> = {}): NewRunEvent {
  const { run, experiment, fold, seed, device, engine, threads, versions, splitHash } = recordSample
  const facts = { run, experiment, fold, seed, device, engine, threads, versions, splitHash }
  return {
    type: 'started',
    ...facts,
    config: { ...baselineConfig, data: { ...baselineConfig.data, batch_size: 4 } },
    images: { train: 40, valid: 10 },
    classes: [
      { id: 0, name: 'a' },
      { id: 1, name: 'b', color: '#ff0000' },
    ],
    ...changes,
  }
}

export function stepEvent(step: number, epoch: number, changes: Changes<'step'> = {}): NewRunEvent {
  return {
    type: 'step',
    step,
    epoch,
    loss: 1 / step,
    parts: {},
    lr: 0.001,
    gradNorm: 2,
    imagesPerSecond: 10,
    dataWaitMs: 0,
    ...changes,
  }
}

export function epochEvent(epoch: number, valid: Partial<EventOf<'epoch'>['valid']> = {}): NewRunEvent {
  return {
    type: 'epoch',
    epoch,
    train: { loss: 0.5, mIoU: 0.5 },
    valid: {
      loss: 0.6,
      mIoU: 0.5,
      classes: ['a', 'b'],
      perClassIoU: [0.6, 0.4],
      dice: 0.6,
      pixelAccuracy: 0.8,
      ...valid,
    },
    seconds: 1,
    rssBytes: 1,
  }
}
