import { mkdir } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { normalizeInto, type Normalization } from '../augment/normalize.ts'
import { resizeSample } from '../augment/resizeSample.ts'
import type { Size } from '../augment/sample.ts'
import { UserError } from '../core/errors.ts'
import type { ExperimentConfig } from '../core/experiment.ts'
import { decodeImage } from '../data/decodeImage.ts'
import { listImageFiles } from '../data/listFiles.ts'
import { maskRules, type MaskRules } from '../data/maskRules.ts'
import type { Engine } from '../engines/engine.ts'
import { runFiles } from '../protocol/runFolder.ts'
import { writeFileAtomic } from '../runs/atomicFile.ts'
import { RunFolder } from '../runs/runFolder.ts'
import { readProject, type Workspace } from '../runs/workspace.ts'
import { readWeights } from './checkpoint.ts'
import { chooseEngine, type EngineRequest } from './engineChoice.ts'
import { normalizationOf } from './initialWeights.ts'
import { predictionPng } from './predictions.ts'
import { Predictor } from './validation.ts'

export interface PredictRequest {
  readonly workspace: Workspace
  /** One run, or several whose softmax is averaged. */
  readonly runs: readonly string[]
  /** Folders, absolute or relative to the current one. */
  readonly input: string
  readonly output: string
  readonly engine: EngineRequest
}

export interface PredictedImage {
  /** Name below the input folder. */
  readonly image: string
  /** Absolute path of the palette PNG. */
  readonly file: string
  readonly index: number
  readonly total: number
}

interface Member {
  readonly predictor: Predictor
  readonly resize: ExperimentConfig['data']['image_size']
  readonly normalization: Normalization
}

/**
 * Predicts every image of a folder with the best checkpoints of one run or more (mean of softmax, ties to the lowest class).
 * Masks are palette PNGs under the image's name, in the numbers of the project's own masks.
 * @throws UserError where there is no image, run or checkpoint
 */
export async function* predictFolder(request: PredictRequest): AsyncGenerator<PredictedImage, void> {
  const { workspace, runs, engine } = request
  const [input, output] = [resolve(request.input), resolve(request.output)]
  const rules = maskRules(readProject(workspace).project)
  const { files } = await listImageFiles(input, input)
  if (files.length === 0)
    throw new UserError('There is no image in the folder.', {
      file: input,
      allowed: 'PNG, JPEG or TIFF',
      code: 'no-images',
    })
  const chosen = await chooseEngine(engine)
  const members: Member[] = []
  try {
    for (const run of runs) members.push(await memberOf(workspace, run, chosen.engine, rules))
    for (const [index, image] of files.entries()) {
      const decoded = await decodeImage(join(input, image))
      const labels = await predict(decoded, members, rules.classes.count)
      const file = join(output, `${image.replace(/\.[^.]+$/, '')}.png`)
      await mkdir(dirname(file), { recursive: true })
      await writeFileAtomic(file, [predictionPng(labels, decoded, rules)])
      yield { image, file, index, total: files.length }
    }
  } finally {
    for (const { predictor } of members) await predictor.dispose()
  }
}

async function memberOf(workspace: Workspace, name: string, engine: Engine, { classes }: MaskRules): Promise<Member> {
  const run = RunFolder.open(workspace, name)
  const record = run.readRecord()
  const ids = record.classes.map(({ id }) => id)
  if (ids.join() !== classes.ids.join())
    throw new UserError('The run was trained on other classes than the project declares now.', {
      value: name,
      allowed: `classes ${classes.ids.join(', ')}`,
      hint: 'Restore the classes in foldwise/project.jsonc, or predict with a run of theirs.',
      code: 'other-classes',
    })
  const config = record.config as unknown as ExperimentConfig
  const predictor = new Predictor(engine, { model: config.model, classes: classes.count })
  predictor.use(await readWeights(run.file(runFiles.best)))
  return { predictor, resize: config.data.image_size, normalization: normalizationOf(config.model) }
}

/** @returns class indices [height·width] */
async function predict(
  image: Size & { readonly image: Uint8Array },
  members: readonly Member[],
  classes: number,
): Promise<ArrayLike<number>> {
  const area = image.height * image.width
  const sum = new Float32Array(members.length > 1 ? area * classes : 0)
  for (const { predictor, resize, normalization } of members) {
    const { height, width } = image
    const size = resize === null ? { height, width } : { height: resize[0], width: resize[1] }
    const sample = resizeSample({ ...image, mask: new Uint8Array(area) }, size)
    const input = new Float32Array(3 * size.height * size.width)
    normalizeInto(input, 0, sample.image, normalization)
    const results = await predictor.run({ image: input, target: new Int32Array(0), count: 1, ...size })
    if (members.length === 1) return atSize(results['labels'], 1, size, image)
    atSize(results['probabilities'], classes, size, image).forEach((value, index) => {
      sum[index] += value
    })
  }
  return largest(sum, area, classes)
}

/** Rows of `channels` values at another size: the nearest pixel's, src = ⌊dst · in / out⌋. */
function atSize(rows: Float32Array | Int32Array | Uint8Array, channels: number, from: Size, to: Size): Float32Array {
  const resized = new Float32Array(to.height * to.width * channels)
  for (let y = 0, index = 0; y < to.height; y++) {
    const row = Math.floor((y * from.height) / to.height) * from.width
    for (let x = 0; x < to.width; x++) {
      const source = (row + Math.floor((x * from.width) / to.width)) * channels
      for (let c = 0; c < channels; c++) resized[index++] = rows[source + c]
    }
  }
  return resized
}

function largest(rows: Float32Array, count: number, classes: number): Uint8Array {
  const labels = new Uint8Array(count)
  for (let pixel = 0; pixel < count; pixel++) {
    let best = 0
    for (let c = 1; c < classes; c++) if (rows[pixel * classes + c] > rows[pixel * classes + best]) best = c
    labels[pixel] = best
  }
  return labels
}
