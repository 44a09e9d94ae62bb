import { mixes } from '../augment/mixes/registry.ts'
import type { MixedLabels, SecondLabels } from '../augment/mixes/mix.ts'
import { evenWeights } from '../augment/mixes/snapMixed.ts'
import { UserError } from '../core/errors.ts'
import type { ExperimentConfig } from '../core/experiment.ts'
import type { Arrays } from '../engines/engine.ts'
import { losses } from './losses/registry.ts'

/** What the loss of an experiment compares with. */
export function mixedLabels({ mix = null }: Pick<ExperimentConfig, 'mix'>): MixedLabels {
  return mix === null ? 'one' : mixes.get(mix.name).labels
}

interface LabelledBatch {
  /** [N·H·W] */
  readonly target: Int32Array
  readonly second?: SecondLabels | undefined
  /** Of the pixels [N·H·W], where the batch was mixed by the network's own view. */
  readonly weights?: Float32Array | undefined
}

/**
 * The inputs of the loss for one batch, mixed or not: `target`, and for two labels `target:second` and `share` [1], for
 * weighted ones `pixelWeight` [N·H·W, 1].
 */
export function labelInputs(labels: MixedLabels, { target, second, weights }: LabelledBatch): Arrays {
  switch (labels) {
    case 'one':
      return { target }
    case 'two':
      return { target, 'target:second': secondTarget(target, second), share: Float32Array.of(second?.share ?? 1) }
    case 'weighted':
      return { target, pixelWeight: weights ?? evenWeights({ target }) }
  }
}

function secondTarget(target: Int32Array, second: SecondLabels | undefined): Int32Array {
  if (second === undefined) return target
  const area = target.length / second.partners.length
  const others = new Int32Array(target.length)
  second.partners.forEach((from, to) => {
    others.set(target.subarray(from * area, (from + 1) * area), to * area)
  })
  return others
}

/** @throws UserError where an experiment mixes what its losses or its batches cannot */
export function checkMix({ mix = null, loss, data }: Pick<ExperimentConfig, 'mix' | 'loss' | 'data'>): void {
  if (mix === null) return
  if (data.batch_size < 2)
    throw new UserError(`${mix.name} mixes images of one batch with one another: one image alone has no partner.`, {
      value: data.batch_size,
      allowed: 'data.batch_size 2 or more (accumulated batches are mixed each on its own)',
      code: 'mix-batch',
    })
  const labels = mixedLabels({ mix })
  const ofLabels = loss.find(({ name }) => (losses.get(name).pixelInputs ?? []).length > 0)
  if (labels !== 'one' && ofLabels !== undefined)
    throw new UserError(`${mix.name} gives a pixel two labels, and ${ofLabels.name} reads distances to one.`, {
      value: ofLabels.name,
      allowed: 'losses without distances',
      hint: 'Use CutMix or ClassMix, which go with every loss.',
      code: 'mix-loss',
    })
  if (labels !== 'weighted') return
  const [first, ...more] = loss
  const { class_weights: weights, label_smoothing: smoothing, reduction } = first
  const isPlain = (weights ?? null) === null && (smoothing ?? 0) === 0 && (reduction ?? 'mean') === 'mean'
  if (first.name === 'CrossEntropyLoss' && isPlain && more.length === 0) return
  throw new UserError(`${mix.name} gives every pixel a weight in the cross entropy: other losses have no such sum.`, {
    value: loss.map(({ name }) => name).join(' + '),
    allowed: 'CrossEntropyLoss alone, without class_weights, label_smoothing or another reduction',
    hint: 'Use CutMix or ClassMix, which go with every loss.',
    code: 'mix-loss',
  })
}
