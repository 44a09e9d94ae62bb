import type { Benchmark } from '../../train/benchmark.ts'
import { duration, milliseconds } from './benchTable.ts'

/** Everything that was measured of one device. */
export function measuredLines(result: Benchmark): readonly string[] {
  const { batch, gradientMs, updateMs, dataWaitMs, validationMsPerImage, startMs, peakBytes, memory } = result
  return [
    `${result.engine}/${result.lowering} on ${result.device}, ${result.threads} threads`,
    `step        ${milliseconds(gradientMs + updateMs)} for ${batch.images} images of ${batch.width} × ${batch.height} (optimizer ${milliseconds(updateMs)}; waits ${milliseconds(dataWaitMs)} for images)`,
    `training    ${result.imagesPerSecond.toFixed(1)} images a second`,
    `validation  ${milliseconds(validationMsPerImage)} an image`,
    `first step  after ${(startMs / 1000).toFixed(1)} s`,
    `memory      ${mebibytes(peakBytes)} at most${memory === undefined ? '' : ` (estimated before: ${mebibytes(memory.neededBytes)})`}`,
    ...checkpointing(result),
  ]
}

/** What `train.checkpoint_activations` saves, as estimated, and costs, as measured just now. */
function checkpointing({ memory, gradientMs, updateMs, keepingMs }: Benchmark): readonly string[] {
  if (memory?.checkpointing === undefined) return []
  const saved = `about ${mebibytes(memory.checkpointing.savedBytes)} less by computing activations again`
  if (keepingMs === undefined) return [`            ${saved}`]
  const price = (100 * (gradientMs - keepingMs)) / (keepingMs + updateMs)
  return [
    `            ${saved}; a step that keeps them takes ${milliseconds(keepingMs + updateMs)} (price: ${price.toFixed(0)} %)`,
  ]
}

/** How long folds take, one after another. */
export function forecast(foldMs: number, epochs: number, folds: number): readonly string[] {
  const all = folds > 1 ? [`All ${folds} folds: about ${duration(folds * foldMs)}, one after another.`] : []
  return [`One fold of ${epochs} epochs: about ${duration(foldMs)}.`, ...all]
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(0)} MiB`
}
