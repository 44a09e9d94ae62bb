import { describe, expect, it } from 'vitest'
import { tensorflowEngine } from '../../../src/engines/tensorflow/tensorflowEngine.ts'
import { javascriptBackend } from '../../engines/tensorflow/javascriptBackend.ts'
import { lowerings } from '../../parity/lowerings.ts'
import {
  checkOptimizer,
  missingOptimizer,
  onOnnxRuntime,
  readOptimizers,
  type OptimizerEngine,
} from '../../parity/optimizers.ts'
import { describeWithFixtures } from '../../shared.ts'

const tensorflow = tensorflowEngine(await javascriptBackend(), { device: 'test', threads: 1, versions: {} })
const all: readonly OptimizerEngine[] = [
  ...(await lowerings()).map(onOnnxRuntime),
  { name: 'TensorFlow.js in JavaScript', compile: (plan) => tensorflow.compileTraining(plan) },
]

describeWithFixtures('optimizers equal torch', 'optimizers', (folder) => {
  const fixture = readOptimizers(folder)
  const ours = Object.keys(fixture.cases).filter((name) => missingOptimizer(name, fixture.cases[name]) === undefined)

  it('has cases', () => {
    expect(ours.length).toBeGreaterThan(0)
  })

  describe.each(all)('$name', (engine) => {
    it.each(ours)('%s', async (name) => {
      expect(await checkOptimizer(fixture, name, engine)).toMatchObject({ verdict: 'ok' })
    })
  })
})
