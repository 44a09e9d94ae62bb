import { drawSnapMix, snapMix } from '../augment/mixes/snapMix.ts'
import { semanticMap, snapMixed, type WeightedBatch } from '../augment/mixes/snapMixed.ts'
import type { ExperimentConfig } from '../core/experiment.ts'
import { stream } from '../core/random.ts'
import type { Batch } from '../data/loader/batchLoader.ts'

/** What a batch must bring to be mixed. */
type WholeBatch = Pick<Batch, 'image' | 'target' | 'count' | 'height' | 'width'>
import type { Engine } from '../engines/engine.ts'
import type { StateDict } from '../model/stateDict.ts'
import { mixedLabels } from './mixing.ts'
import type { RunPlan } from './runPlan.ts'
import { Predictor } from './validation.ts'

/** Mixes batches by what the network, as it stands, looks at: a forward pass in evaluation mode per mixed batch. */
export class SnapMixer {
  private readonly predictor: Predictor
  private readonly args: ReturnType<typeof snapMix.arguments.parse>
  private readonly seed: number
  private readonly classes: number

  /** @returns undefined where the experiment does not ask for it */
  static of(engine: Engine, plan: RunPlan): SnapMixer | undefined {
    return mixedLabels(plan.config) === 'weighted' ? new SnapMixer(engine, plan, plan.config.mix!) : undefined
  }

  private constructor(engine: Engine, { config, rules, seed }: RunPlan, mix: NonNullable<ExperimentConfig['mix']>) {
    this.predictor = new Predictor(engine, { model: config.model, classes: rules.classes.count, logits: true })
    this.args = snapMix.arguments.parse(mix)
    this.seed = seed
    this.classes = rules.classes.count
  }

  /**
   * @param weights gives the network's weights; asked for only where the batch is mixed
   * @param index of the batch since the start of the run: keys what is drawn
   * @returns undefined where the batch stays as it is
   */
  async mix(batch: WholeBatch, index: number, weights: () => Promise<StateDict>): Promise<WeightedBatch | undefined> {
    const draw = drawSnapMix(this.args, batch, stream(this.seed, 'mix', index))
    if (draw === undefined) return undefined
    this.predictor.use(await weights())
    const { logits } = await this.predictor.run(batch)
    return snapMixed(batch, this.mapsOf(batch, logits as Float32Array), draw)
  }

  /** @param rows [N·H·W, C]  @returns [N, H·W] */
  private mapsOf({ target, count }: WholeBatch, rows: Float32Array): Float32Array {
    const area = target.length / count
    const maps = new Float32Array(target.length)
    for (let image = 0; image < count; image++) {
      const planes = new Float32Array(this.classes * area)
      for (let pixel = 0; pixel < area; pixel++)
        for (let c = 0; c < this.classes; c++)
          planes[c * area + pixel] = rows[(image * area + pixel) * this.classes + c]
      maps.set(semanticMap(planes, target.subarray(image * area, (image + 1) * area)), image * area)
    }
    return maps
  }

  async dispose(): Promise<void> {
    await this.predictor.dispose()
  }
}
