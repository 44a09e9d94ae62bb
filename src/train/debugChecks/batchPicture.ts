import { denormalized } from '../../augment/normalize.ts'
import { ignoredLabel } from '../../augment/sample.ts'
import { classColors } from '../../data/classColors.ts'
import type { Batch } from '../../data/loader/batchLoader.ts'
import { overlayPng } from '../../data/overlay.ts'
import { argMax, pixelRows } from '../../graph/pixels.ts'
import { program } from '../../graph/program.ts'
import { buildNetwork } from '../../model/network.ts'
import type { StateDict } from '../../model/stateDict.ts'
import { normalizationOf } from '../initialWeights.ts'
import { allBranches } from './allBranches.ts'
import type { Workbench } from './workbench.ts'

interface BatchPicture {
  /** Name of the image that is shown. */
  readonly image: string
  /** Image, mask, prediction and errors side by side. */
  readonly png: Uint8Array
}

/** The image of a batch with the most wrong pixels, as the network saw it, beside its mask and its prediction. */
export async function batchPicture(bench: Workbench, batch: Batch, weights: StateDict): Promise<BatchPicture> {
  const { config, rules } = bench.plan
  const { count, height, width } = batch
  const labels = await trainingLabels(bench, batch, weights)
  const area = height * width
  const part = (values: Int32Array, index: number): Uint8Array =>
    Uint8Array.from(values.subarray(index * area, (index + 1) * area))
  const candidates = Array.from({ length: count }, (_, index) => {
    const [truth, prediction] = [part(batch.target, index), part(labels, index)]
    return { index, truth, prediction, wrong: wrongPixels(truth, prediction) }
  })
  const { index, truth, prediction } = candidates.reduce((worst, each) => (each.wrong > worst.wrong ? each : worst))
  const image = denormalized(
    batch.image.subarray(index * 3 * area, (index + 1) * 3 * area),
    normalizationOf(config.model),
  )
  const colors = classColors(rules.classes.colors)
  return { image: batch.names[index], png: overlayPng({ image, truth, prediction, colors, height, width }) }
}

/**
 * What the loss saw: BatchNorm by the statistics of the batch itself. The running ones follow too slowly to be fair after so
 * few steps.
 * @returns class indices, [count·height·width]
 */
async function trainingLabels({ engine, plan }: Workbench, batch: Batch, weights: StateDict): Promise<Int32Array> {
  const { count, height, width } = batch
  const size = { batch: count, height, width, classes: plan.rules.classes.count }
  const { graph, logits, randomInputs } = buildNetwork(plan.config.model, { ...size, mode: 'training' })
  const compiled = await engine.compileInference(
    program(graph, { outputs: new Map([['labels', argMax(pixelRows(logits))]]) }),
  )
  try {
    compiled.load(weights)
    const { labels } = await compiled.run({ image: batch.image, ...allBranches(randomInputs, count) })
    return labels as Int32Array
  } finally {
    await compiled.dispose()
  }
}

function wrongPixels(truth: Uint8Array, prediction: Uint8Array): number {
  return truth.reduce((sum, label, pixel) => sum + Number(label !== ignoredLabel && label !== prediction[pixel]), 0)
}
