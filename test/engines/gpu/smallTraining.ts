import { stream } from '../../../src/core/random.ts'
import type { Engine, TrainingEngine } from '../../../src/engines/engine.ts'
import { concatChannels } from '../../../src/graph/channels.ts'
import { activation, multiply, negate, reduceSum, total } from '../../../src/graph/elementwise.ts'
import { addGradients, type NumberForm } from '../../../src/graph/passes/addGradients.ts'
import { logSoftmax, oneHot, pixelRows } from '../../../src/graph/pixels.ts'
import { program } from '../../../src/graph/program.ts'
import { upsampleNearest2x } from '../../../src/graph/resize.ts'
import { input } from '../../../src/graph/sources.ts'
import type { Tensor } from '../../../src/graph/tensor.ts'
import { initialState } from '../../../src/model/initialize.ts'
import { torchDefault } from '../../../src/model/initializers.ts'
import { NetworkBuilder } from '../../../src/model/networkBuilder.ts'
import { torchBatchNorm } from '../../../src/model/networkParts.ts'
import { optimizers } from '../../../src/train/optimizers/registry.ts'
import { updatePlan } from '../../../src/train/updatePlan.ts'

const [images, extent, classes] = [2, 16, 3]
const pixels = images * extent * extent
const random = stream(7, 'test')
const image = Float32Array.from({ length: 3 * pixels }, () => random.normal())
const target = Int32Array.from({ length: pixels }, () => random.integer(4)).map((label) => (label === 3 ? 255 : label))
/** Of the loss where it is scaled. */
const lossScale = 1024
export const batch = { image, target, loss_scale: Float32Array.of(lossScale) }

const adam = optimizers.get('Adam')
// Adam divides the gradient by its size: with torch's 1e-8 it makes steps of rounding, and two engines part ways.
const args = adam.arguments.parse({ eps: 1e-4 })

/**
 * A U-Net of two levels with BatchNorm: few operators, since a graphics card made of software takes a millisecond for each,
 * and smooth activations, since a kink that rounding flips parts two trainings as well.
 */
function network(): { readonly builder: NetworkBuilder; readonly loss: Tensor } {
  const builder = new NetworkBuilder('training')
  const block = (x: Tensor, key: string, outputs: number, stride = 1): Tensor => {
    const map = builder.conv(x, `${key}.conv`, { outputs, kernel: 3, stride, initial: torchDefault })
    return activation('silu', builder.batchNorm(map, `${key}.bn`, torchBatchNorm))
  }
  const fine = block(input(builder.graph, 'image', [images, 3, extent, extent]), 'stem', 8)
  const coarse = block(fine, 'down', 16, 2)
  const decoded = block(concatChannels([upsampleNearest2x(coarse), fine]), 'up', 8)
  const logits = builder.conv(decoded, 'head', { outputs: classes, kernel: 1, bias: true, initial: torchDefault })
  const truth = oneHot(input(builder.graph, 'target', [pixels], 'data', 'int32'), classes)
  const scores = reduceSum(multiply(logSoftmax(pixelRows(logits)), truth), [1])
  return { builder, loss: multiply(negate(total(scores)), 1 / pixels) }
}

/** A training that has not yet begun. */
export async function compiled(engine: Engine, accumulate = 1, numbers: NumberForm = {}): Promise<TrainingEngine> {
  const { builder, loss } = network()
  const { graph, updates, declarations } = builder
  const gradient = addGradients(program(graph, { outputs: new Map([['loss', loss]]), updates }), numbers)
  const training = await engine.compileTraining({
    gradient,
    update: updatePlan(adam, args, 1, { isScaled: numbers.isScaled }),
    accumulate,
  })
  training.load(initialState(declarations, 0))
  return training
}

/** Losses of the steps `from` … `to`, counted from 1. */
export async function steps(training: TrainingEngine, from: number, to: number): Promise<number[]> {
  const losses: number[] = []
  for (let step = from; step <= to; step++) {
    losses.push((await training.computeGradient(batch))['loss'][0])
    await update(training, step)
  }
  return losses
}

/** @returns norm of the gradient before clipping */
export async function update(training: TrainingEngine, step: number): Promise<number> {
  return training.update({ ...adam.scalars(args, 3e-3, step), inverse_scale: 1 / lossScale })
}
