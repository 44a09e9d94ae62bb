import type { Engine } from '../engine.ts'
import { TensorFlowInferenceEngine } from './inferenceEngine.ts'
import type { TensorFlow } from './operator.ts'
import { TensorFlowTrainingEngine } from './trainingEngine.ts'

/** An engine on the backend of TensorFlow.js that is set. */
export function tensorflowEngine(tf: TensorFlow, facts: Pick<Engine, 'device' | 'threads' | 'versions'>): Engine {
  return {
    name: 'tensorflow',
    lowering: tf.getBackend(),
    ...facts,
    // Sums of a parallel convolution come together in any order.
    determinism: 'numeric',
    compileTraining: (plan) => Promise.resolve(new TensorFlowTrainingEngine(tf, plan)),
    compileInference: (program) => Promise.resolve(new TensorFlowInferenceEngine(tf, program)),
  }
}
