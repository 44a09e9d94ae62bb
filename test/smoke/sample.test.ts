import { describe, expect, it } from 'vitest'
import { onnxEngine } from '../../src/engines/onnx/onnxEngine.ts'
import { fewSteps } from './fewSteps.ts'
import { smokeNetworks } from './networks.ts'
import { hasFallen } from './verdict.ts'

/** A sample of `npm run smoke`: transposed convolutions, GroupNorm, dilation, depthwise convolutions, attention. */
const sample = ['Linknet/resnet18', 'FPN/resnet18', 'DeepLabV3Plus/resnet18', 'Unet/mobilenet_v2', 'Segformer/mit_b0']

describe('a network learns one batch in 20 steps', () => {
  it.each(sample)('%s', { timeout: 120_000 }, async (name) => {
    const network = smokeNetworks.find(({ arch, encoder }) => `${arch}/${encoder}` === name)!
    const { engine } = await onnxEngine({ threads: 2, lowering: 'auto' })
    expect(await fewSteps(engine, network, 20)).toSatisfy(hasFallen)
  })

  it('is not said of losses that stay, rise or are no numbers', () => {
    expect(hasFallen([1, 1, 1, 1, 1, 1])).toBe(false)
    expect(hasFallen([1, 0.1, 0.1, 0.1, 0.1, 2])).toBe(false)
    expect(hasFallen([1, 0.1, 0.1, 0.1, 0.1, NaN])).toBe(false)
  })
})
