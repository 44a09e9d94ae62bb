import { describe, expect, it } from 'vitest'
import type { Tensors } from '../../../src/engines/engine.ts'
import { onnxEngine } from '../../../src/engines/onnx/onnxEngine.ts'
import type { TensorFlow } from '../../../src/engines/tensorflow/operator.ts'
import { tensorflowEngine } from '../../../src/engines/tensorflow/tensorflowEngine.ts'
import { accumulated, handedOn, predicted } from '../gpu/smallNetwork.ts'
import { batch, compiled, steps } from '../gpu/smallTraining.ts'

const { engine: onnx } = await onnxEngine({ threads: 1, lowering: 'plain' })

/** The training engine over one backend, against ONNX Runtime. */
export function trainingChecks(title: string, tf: TensorFlow): void {
  const tensorflow = tensorflowEngine(tf, { device: 'test', threads: 1, versions: {} })

  describe(`${title}: training`, () => {
    it('has the losses of ONNX Runtime within 1e-4 over 20 steps, and its weights', async () => {
      const [ours, reference] = [await compiled(tensorflow), await compiled(onnx)]
      const losses = await steps(ours, 1, 20)
      expect(losses[19]).toBeLessThan(losses[0] * 0.95)
      expect(largest(losses, await steps(reference, 1, 20))).toBeLessThan(1e-4)
      expect(distance(await ours.save(), await reference.save())).toBeLessThan(1e-3)
      expect(distance(await ours.saveSlots(), await reference.saveSlots())).toBeLessThan(1e-3)
      await ours.dispose()
      await reference.dispose()
    })

    it('goes on from a checkpoint of ONNX Runtime, and ONNX Runtime from one of its own', async () => {
      const whole = await handedOn(onnx, onnx)
      expect(largest(await handedOn(onnx, tensorflow), whole)).toBeLessThan(1e-4)
      expect(largest(await handedOn(tensorflow, onnx), whole)).toBeLessThan(1e-4)
    })

    it('gives back what it was loaded with, to the bit', async () => {
      const [source, ours] = [await compiled(onnx), await compiled(tensorflow)]
      await steps(source, 1, 2)
      const [weights, slots] = [await source.save(), await source.saveSlots()]
      ours.load(weights)
      ours.loadSlots(slots)
      expect(distance(await ours.save(), weights)).toBe(0)
      expect(distance(await ours.saveSlots(), slots)).toBe(0)
      await source.dispose()
      await ours.dispose()
    })

    it('accumulates gradients', async () => {
      const [ours, reference] = [await accumulated(tensorflow), await accumulated(onnx)]
      expect(Math.abs(ours - reference) / reference).toBeLessThan(1e-4)
    })

    it('holds as many tensors after ten steps as after two, and none when it is disposed of', async () => {
      const before = tf.memory().numTensors
      const training = await compiled(tensorflow)
      await steps(training, 1, 2)
      const { numTensors, numBytes } = tf.memory()
      await steps(training, 3, 10)
      expect(tf.memory()).toMatchObject({ numTensors, numBytes })
      await training.dispose()
      expect(tf.memory().numTensors).toBe(before)
    })

    it('predicts what ONNX Runtime predicts, also with weights loaded anew, and keeps nothing', async () => {
      const before = tf.memory().numTensors
      const [ours, reference] = [await predicted(tensorflow), await predicted(onnx)]
      expect(largest(ours, reference)).toBeLessThan(1e-4)
      expect(tf.memory().numTensors).toBe(before)
    })

    it('says what a batch lacks', async () => {
      const training = await compiled(tensorflow)
      await expect(training.computeGradient({ image: batch.image })).rejects.toThrow('wants "target"')
      await training.dispose()
    })
  })
}

/** Largest distance between two lists. */
export function largest(a: readonly number[], b: readonly number[]): number {
  expect(a.length).toBe(b.length)
  return Math.max(...a.map((value, index) => Math.abs(value - b[index])))
}

/** Largest distance between two states, element by element. */
function distance(a: Tensors, b: Tensors): number {
  expect([...a.keys()].sort()).toEqual([...b.keys()].sort())
  return Math.max(
    ...Array.from(a, ([key, { shape, data }]) => {
      const other = b.get(key)!
      expect(other.shape, key).toEqual(shape)
      return largest(Array.from(data as Float32Array), Array.from(other.data as Float32Array))
    }),
  )
}
