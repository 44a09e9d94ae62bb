import { ignoredLabel } from '../augment/sample.ts'
import { classIndex, type ClassIndex } from '../core/classIndex.ts'
import { UserError } from '../core/errors.ts'
import type { Project } from '../core/projectSchema.ts'

/** What the values in masks mean; plain data, so it can be sent to a worker. */
export interface MaskRules {
  readonly classes: ClassIndex
  /** Mask value that is ignored; null when there is none. */
  readonly ignoreIndex: number | null
  readonly encoding: Project['dataset']['mask_encoding']
}

/** @throws UserError beyond 255 classes: label 255 of a decoded mask means ignored */
export function maskRules({ dataset }: Pick<Project, 'dataset'>): MaskRules {
  const classes = classIndex({ dataset })
  if (classes.count > ignoredLabel) {
    throw new UserError(`${classes.count} classes are declared; at most ${ignoredLabel} can be trained`, {
      value: classes.count,
      hint: 'Merge rare classes in the masks, or drop those that have no pixels.',
      code: 'too-many-classes',
    })
  }
  return { classes, ignoreIndex: dataset.ignore_index, encoding: dataset.mask_encoding }
}
