import { existsSync } from 'node:fs'
import { resolve, sep } from 'node:path'
import type { Size } from '../../augment/sample.ts'
import type { ClassIndex } from '../../core/classIndex.ts'
import { UserError } from '../../core/errors.ts'
import type { Project } from '../../core/projectSchema.ts'
import { decodeImage } from '../../data/decodeImage.ts'
import { decodeMask } from '../../data/decodeMask.ts'
import { maskRules, type MaskRules } from '../../data/maskRules.ts'
import type { MaskSource } from '../../data/masks/maskSource.ts'
import { resizeLabels } from '../../data/resizeLabels.ts'
import type { RgbImage } from '../../data/shrink.ts'
import type { RunRecord } from '../../protocol/runFolder.ts'
import { pathInside } from '../../runs/containment.ts'
import { RunFolder } from '../../runs/runFolder.ts'
import { readProject } from '../../runs/project.ts'
import { openWorkspace } from '../../runs/workspace.ts'
import { attempt, type Attempt } from './attempt.ts'
import type { Pairings } from './pairings.ts'

/** A validation image as a run saw it; all label maps have the size of the photograph. */
export interface RunImage {
  readonly photograph: RgbImage
  /** Of the run, whatever the project has become since. */
  readonly classes: ClassIndex
  /** [height, width], class index or 255 = ignored; the error has the code `no-mask` where the image has none. */
  readonly truth: Attempt<Uint8Array>
  /** [height, width], class index. */
  readonly prediction: Attempt<Uint8Array>
}

export interface RunImageChoice {
  readonly root: string
  readonly run: string
  /** Name below the folder of images. */
  readonly image: string
}

/**
 * Photograph, truth and prediction of one image. Pairs are found as training finds them, so a name means the same file; an
 * image whose mask has gone since is shown without it.
 * @throws UserError where there is no such project, run or image, or the image cannot be decoded
 */
export async function readRunImage(choice: RunImageChoice, pairings: Pairings): Promise<RunImage> {
  const workspace = openWorkspace(choice.root)
  const run = RunFolder.open(workspace, choice.run)
  const { classes } = run.readRecord()
  const { dataset } = readProject(workspace).project
  const pairing = await attempt(() => pairings.of({ root: workspace.root, ...dataset, allowUnpaired: true }))
  const pair = pairing.value?.byName.get(choice.image)
  const { image, height, width } = await decodeImage(
    pair?.image ?? imageFile(workspace.root, dataset.images, choice.image),
  )
  const size = { height, width }
  const rules = maskRules({ dataset: withClasses(dataset, classes) })
  const truth = await attempt(() => {
    if (pair === undefined) throw whyNoMask(choice.image, pairing.error)
    return readLabels(pair.mask, rules, size)
  })
  const prediction = await attempt(() => {
    const file = run.predictionFile(choice.image)
    if (!existsSync(file)) throw noPrediction(choice.image)
    return readLabels(file, predictionRules(dataset, classes), size)
  })
  return { photograph: { image, ...size }, classes: rules.classes, truth, prediction }
}

/** An image that no mask was found for. @throws UserError `unknown-image`, `outside-workspace` */
function imageFile(root: string, images: string, name: string): string {
  const folder = pathInside(root, images)
  const path = resolve(folder, name)
  if (!path.startsWith(folder + sep) || !existsSync(pathInside(root, path))) throw unknownImage(name, images)
  return path
}

/** @param pairing why no image could be paired with its mask; undefined where others were */
function whyNoMask(image: string, pairing: UserError | undefined): UserError {
  if (pairing !== undefined && pairing.details.code !== 'missing-mask') return pairing
  return new UserError('this image has no mask', {
    value: image,
    hint: 'It was renamed or removed, or dataset.masks in foldwise/project.jsonc names another folder now.',
    code: 'no-mask',
  })
}

async function readLabels(source: MaskSource, rules: MaskRules, size: Size): Promise<Uint8Array> {
  const decoded = await decodeMask(source, rules)
  return resizeLabels(decoded.mask, decoded, size)
}

type Dataset = Project['dataset']

function withClasses(dataset: Dataset, classes: RunRecord['classes']): Dataset {
  return { ...dataset, classes: [...classes] }
}

/** A prediction holds class ids, or class indices where an id does not fit into a palette (see predictionPng). */
function predictionRules(dataset: Dataset, classes: RunRecord['classes']): MaskRules {
  const fits = classes.every(({ id }) => id < 255)
  const stored = classes.toSorted((a, b) => a.id - b.id).map((each, index) => (fits ? each : { ...each, id: index }))
  return maskRules({ dataset: { ...withClasses(dataset, stored), ignore_index: null, mask_encoding: 'palette' } })
}

function unknownImage(image: string, folder: string): UserError {
  return new UserError('the project has no image of this name', {
    file: `${folder}/${image}`,
    value: image,
    hint: 'It was renamed, removed, or dataset.images in foldwise/project.jsonc names another folder now.',
    code: 'unknown-image',
  })
}

function noPrediction(image: string): UserError {
  return new UserError('The run has no prediction of this image.', {
    value: image,
    hint: 'Predictions of the validation images are written when a run is finished.',
    code: 'no-prediction',
  })
}
