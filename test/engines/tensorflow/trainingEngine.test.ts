import { expect, it } from 'vitest'
import { onnxEngine } from '../../../src/engines/onnx/onnxEngine.ts'
import { tensorflowEngine } from '../../../src/engines/tensorflow/tensorflowEngine.ts'
import { javascriptBackend } from './javascriptBackend.ts'
import { networkLosses, unetOver } from './networkLosses.ts'
import { largest, trainingChecks } from './trainingChecks.ts'

const tf = await javascriptBackend()
trainingChecks('TensorFlow.js in JavaScript', tf)

// A step of a ResNet takes nine seconds with these kernels: tfjsNode.test.ts has the larger networks.
it('TensorFlow.js in JavaScript: a U-Net over MobileNetV2 trains as with ONNX Runtime', async () => {
  const { engine: onnx } = await onnxEngine({ threads: 1, lowering: 'plain' })
  const tensorflow = tensorflowEngine(tf, { device: 'test', threads: 1, versions: {} })
  const losses = await networkLosses(tensorflow, unetOver('mobilenet_v2'), 16, 4)
  expect(largest(losses, await networkLosses(onnx, unetOver('mobilenet_v2'), 16, 4))).toBeLessThan(1e-4)
})
