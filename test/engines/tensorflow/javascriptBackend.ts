import * as core from '@tensorflow/tfjs-core'
import type { TensorFlow } from '../../../src/engines/tensorflow/operator.ts'

/** The kernels in JavaScript that install from npm alone: those of TensorFlow by name and meaning, slow. */
export async function javascriptBackend(): Promise<TensorFlow> {
  await import('@tensorflow/tfjs-backend-cpu')
  // It recommends another backend on the terminal otherwise.
  core.env().set('IS_NODE', false)
  await core.setBackend('cpu')
  return core
}
