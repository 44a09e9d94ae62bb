import { UserError } from '../core/errors.ts'
import type { NamedArguments } from '../core/experiment.ts'
import { parseWith } from '../core/issues.ts'
import { transforms } from './registry.ts'
import type { Sample, Size } from './sample.ts'
import { distinctSizes, sizeText } from './compose/sizes.ts'
import { applySteps, sizesAfterStep, type Step } from './compose/steps.ts'
import type { Random } from './transform.ts'

/** A checked `augment` list with all defaults filled in. */
export type Pipeline = readonly Step[]

/**
 * Checks an `augment` list and fills in defaults, once, before any image is read.
 * @throws UserError that names the transform, the argument and what is allowed
 */
export function preparePipeline(list: readonly NamedArguments[]): Pipeline {
  return list.map(({ name, ...given }) => {
    const transform = transforms.get(name)
    return { transform, args: parseWith(transform.arguments.strict(), given, () => ({ file: `augment, ${name}` })) }
  })
}

/** All transforms in order; `p` is drawn once per transform and image, whether or not it is 1. */
export function applyPipeline(sample: Sample, pipeline: Pipeline, random: Random): Sample {
  return applySteps(sample, pipeline, random)
}

/**
 * The one size that every image has after the pipeline: a compiled training step has fixed shapes.
 * @param sizes every size that occurs in the data set
 * @throws UserError when images can come out in more than one size, or a crop does not fit
 */
export function pipelineSize(pipeline: Pipeline, ...sizes: readonly Size[]): Size {
  let possible = distinctSizes(sizes)
  let culprit: string | undefined
  for (const step of pipeline) {
    const next = distinctSizes(sizesAfterStep(possible, step))
    if (next.length > possible.length) culprit = step.transform.name
    possible = next
  }
  if (possible.length === 0) throw new Error('pipelineSize needs at least one size')
  if (possible.length > 1) throw severalSizes(possible, culprit)
  return possible[0]
}

function severalSizes(sizes: readonly Size[], culprit: string | undefined): UserError {
  const shown = sizes.slice(0, 4).map(sizeText).join(', ') + (sizes.length > 4 ? ', …' : '')
  const why =
    culprit === undefined
      ? 'the data set has images of several sizes'
      : `${culprit} changes the size only of some images`
  return new UserError(`Images would reach the network in ${sizes.length} sizes (height×width ${shown}): ${why}.`, {
    value: sizes.map(sizeText),
    allowed: 'one size for all training images',
    hint: 'Add Resize, or PadIfNeeded and RandomCrop, with p 1 as the last change of size, or set data.image_size.',
    code: 'several-sizes',
  })
}
