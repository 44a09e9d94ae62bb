import { describe, expect, it } from 'vitest'
import type { SelfTestMemory } from '../../../src/engines/engineDefinition.ts'
import { onnxEngine } from '../../../src/engines/onnx/onnxEngine.ts'
import { findInstallation, loadTensorFlow } from '../../../src/engines/tensorflow/installation.ts'
import { tensorflow } from '../../../src/engines/tensorflow/tensorflow.ts'
import { gradientChecks } from '../gradientChecks.ts'
import { networkLosses, segFormer, unetOver } from './networkLosses.ts'
import { runInterpreted } from './runInterpreted.ts'
import { largest, trainingChecks } from './trainingChecks.ts'

const folder = process.env['FOLDWISE_TENSORFLOW']
const installation = folder === undefined ? undefined : findInstallation(folder)
const memory: SelfTestMemory = { recall: () => undefined, remember: () => undefined }

if (installation === undefined)
  describe.skip('TensorFlow itself [skipped: FOLDWISE_TENSORFLOW names no folder with @tensorflow/tfjs-node]', () => {
    it('needs its binary', () => undefined)
  })
else {
  const title = `${installation.name} ${installation.version}`
  const tf = loadTensorFlow(installation, 2)
  gradientChecks(title, (program, feeds) => runInterpreted(tf, program, feeds))
  trainingChecks(title, tf)

  describe(`${title}: the engine`, () => {
    it('is opened after its self-test, under its name', async () => {
      const [candidate] = await tensorflow.candidates({ choice: 'tensorflow', threads: 2, memory })
      const { engine, reason } = await candidate.open()
      expect(engine).toMatchObject({ name: 'tensorflow', versions: { [installation.name]: installation.version } })
      expect(reason).toMatch(/self-test passed \(largest difference/)
    })

    it.each([
      ...['resnet18', 'efficientnet-b0', 'tu-tf_efficientnet_lite0', 'tu-convnext_tiny'].map(unetOver),
      segFormer,
    ])(
      'trains $arch over $encoder_name on 64×64: the losses of ONNX Runtime within 1e-4 over 20 steps',
      async (model) => {
        const [candidate] = await tensorflow.candidates({ choice: 'tensorflow', threads: 2, memory })
        const { engine } = await candidate.open()
        const { engine: onnx } = await onnxEngine({ threads: 2, lowering: 'plain' })
        const losses = await networkLosses(engine, model, 64, 20)
        expect(losses[19]).toBeLessThan(losses[0] * 0.98)
        expect(largest(losses, await networkLosses(onnx, model, 64, 20))).toBeLessThan(1e-4)
      },
    )
  })
}
