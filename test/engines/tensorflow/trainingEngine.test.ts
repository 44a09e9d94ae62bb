import { expect, it } from 'vitest'
import { onnxEngine } from '../../../src/engines/onnx/onnxEngine.ts'
import { tensorflowEngine } from '../../../src/engines/tensorflow/tensorflowEngine.ts'
import { javascriptBackend } from './javascriptBackend.ts'
import { networkLosses, unetOver } from './networkLosses.ts'
import { largest, trainingChecks } from './trainingChecks.ts'

const tf = await javascriptBackend()
trainingChecks('TensorFlow.js in JavaScript', tf)

// A step of a ResNet takes nine seconds with these kernels: tfjsNode.test.ts has the larger networks.
it.each([
  { name: 'a U-Net over MobileNetV2', model: unetOver('mobilenet_v2'), extent: 16 },
  {
    name: 'a SegFormer',
    model: { ...unetOver('mit_b0'), arch: 'Segformer', encoder_depth: 5, decoder_segmentation_channels: 16 },
    extent: 32,
  },
])('TensorFlow.js in JavaScript: $name trains as with ONNX Runtime', async ({ model, extent }) => {
  const { engine: onnx } = await onnxEngine({ threads: 1, lowering: 'plain' })
  const tensorflow = tensorflowEngine(tf, { device: 'test', threads: 1, versions: {} })
  const losses = await networkLosses(tensorflow, model, extent, 4)
  expect(largest(losses, await networkLosses(onnx, model, extent, 4))).toBeLessThan(1e-4)
})
