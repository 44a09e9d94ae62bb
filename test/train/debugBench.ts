import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { parseExperiment } from '../../src/core/experiment.ts'
import { parseProject } from '../../src/core/project.ts'
import { pairFolders } from '../../src/data/folders.ts'
import { BatchLoader } from '../../src/data/loader/batchLoader.ts'
import { maskRules } from '../../src/data/maskRules.ts'
import { writeSampleDataset } from '../../src/data/sample/sampleDataset.ts'
import type { Engine } from '../../src/engines/engine.ts'
import { onnxEngine } from '../../src/engines/onnx/onnxEngine.ts'
import type { CheckWork, Finding } from '../../src/train/debugChecks/check.ts'
import { Workbench } from '../../src/train/debugChecks/workbench.ts'
import { experimentSchema } from '../../src/train/experimentSchema.ts'
import { normalizationOf } from '../../src/train/initialWeights.ts'
import type { RunPlan } from '../../src/train/runPlan.ts'

/** Height and width of the images, pixels. */
export const side = 32

/** A network of fifty parameters, in batches of two. */
export const small = {
  model: { arch: 'Unet', encoder_name: 'resnet18', encoder_depth: 3, decoder_channels: [8, 8, 8] },
  data: { image_size: null, batch_size: 2 },
}

export async function plainEngine(): Promise<Engine> {
  return (await onnxEngine({ threads: 1, lowering: 'plain' })).engine
}

/** What the checks of a debug run work on: three batches an epoch of generated images, loaded without threads. */
export async function workbench(engine: Engine, conditions: object = small): Promise<Workbench> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'foldwise-train-')))
  const { dataset } = await writeSampleDataset(root, { count: 6, size: side })
  const nowhere = (): object => ({})
  const project = parseProject({ dataset, split: { method: 'KFold', n_splits: 2 } }, nowhere)
  const config = parseExperiment(conditions as Record<string, unknown>, experimentSchema, nowhere)
  const { images, masks } = project.dataset
  const { pairs } = await pairFolders({ root, images, masks })
  const rules = maskRules(project)
  const hashes = { splitHash: '', dataHash: '', configHash: '', projectHash: '' }
  const size = { height: side, width: side }
  const plan: RunPlan = {
    experiment: 'small',
    fold: 0,
    seed: config.train.seed,
    config,
    scheduleEpochs: config.train.epochs,
    loss: config.loss,
    project,
    rules,
    train: pairs,
    pixels: new Map(),
    validation: pairs,
    size,
    ...hashes,
    warnings: [],
  }
  const { augment, data, model } = config
  const bench = new Workbench(
    engine,
    plan,
    () =>
      new BatchLoader({
        entries: pairs,
        rules,
        resize: null,
        augment,
        mix: null,
        ...normalizationOf(model),
        seed: config.train.seed,
        batchSize: data.batch_size,
        ...size,
        workers: 0,
      }),
  )
  onTestFinished(async () => {
    await bench.restart()
    rmSync(root, { recursive: true, force: true })
  })
  return bench
}

/** Carries a check out, and says at how many places it could have been stopped. */
export async function outcomeOf(work: CheckWork): Promise<Finding & { readonly steps: number }> {
  for (let steps = 0; ; steps++) {
    const next = await work.next()
    if (next.done !== true) continue
    if (next.value === 'stopped') throw new Error('nobody asked the check to stop')
    return { ...next.value, steps }
  }
}
