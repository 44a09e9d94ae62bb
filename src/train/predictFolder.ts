import { mkdir } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { UserError } from '../core/errors.ts'
import type { InferenceSettings } from '../core/inferenceSettings.ts'
import { openImageRows } from '../data/imageRows.ts'
import { indexedPng } from '../data/indexedPng.ts'
import { listImageFiles } from '../data/listFiles.ts'
import { maskRules, type MaskRules } from '../data/maskRules.ts'
import type { Engine } from '../engines/engine.ts'
import { writeFileAtomic } from '../runs/atomicFile.ts'
import { RunFolder } from '../runs/runFolder.ts'
import { readProject } from '../runs/project.ts'
import type { Workspace } from '../runs/workspace.ts'
import { chooseEngine, type EngineRequest } from './engineChoice.ts'
import { weightsOf } from './foreignCheckpoint.ts'
import { normalizationOf } from './initialWeights.ts'
import { labelRows } from './labelRows.ts'
import type { Member } from './memberRows.ts'
import { predictionPalette } from './predictions.ts'
import { configOf } from './runRecord.ts'
import { Predictor } from './validation.ts'

export interface PredictRequest {
  readonly workspace: Workspace
  /** One run, or several whose softmax is averaged. */
  readonly runs: readonly string[]
  /** File of weights in place of the best checkpoint, of this program or another; for one run alone. */
  readonly checkpoint?: string | undefined
  /** Folders, absolute or relative to the current one. */
  readonly input: string
  readonly output: string
  readonly engine: EngineRequest
  /** In place of the runs' own. */
  readonly inference?: Partial<InferenceSettings>
}

export interface PredictedImage {
  /** Name below the input folder. */
  readonly image: string
  /** Absolute path of the palette PNG. */
  readonly file: string
  readonly index: number
  readonly total: number
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
  const { values, colors } = predictionPalette(rules)
  const members: Member[] = []
  try {
    for (const run of runs) {
      members.push(
        await memberOf(workspace, run, chosen.engine, {
          rules,
          inference: request.inference,
          checkpoint: request.checkpoint,
        }),
      )
    }
    for (const [index, image] of files.entries()) {
      const source = await openImageRows(join(input, image))
      const labels = labelRows(source, members)
      const file = join(output, `${image.replace(/\.[^.]+$/, '')}.png`)
      await mkdir(dirname(file), { recursive: true })
      await writeFileAtomic(file, indexedPng(valueRows(labels, values), source, colors))
      yield { image, file, index, total: files.length }
    }
  } finally {
    for (const { predictor } of members) await predictor.dispose()
  }
}

interface MemberOptions extends Pick<PredictRequest, 'inference' | 'checkpoint'> {
  readonly rules: MaskRules
}

async function memberOf(
  workspace: Workspace,
  name: string,
  engine: Engine,
  { rules: { classes }, inference: asked, checkpoint }: MemberOptions,
): Promise<Member> {
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
  const config = configOf(record)
  const inference = { ...config.inference, ...asked }
  const scales = inference.tta_scales.length
  const predictor = new Predictor(engine, { model: config.model, classes: classes.count, probabilities: true, scales })
  predictor.use(await weightsOf(run, config.model, classes.count, checkpoint))
  return {
    predictor,
    classes: classes.count,
    resize: config.data.image_size,
    inference,
    normalization: normalizationOf(config.model),
  }
}

async function* valueRows(labels: AsyncIterable<Uint8Array>, values: Uint8Array): AsyncGenerator<Uint8Array> {
  for await (const row of labels) yield row.map((label) => values[label])
}
