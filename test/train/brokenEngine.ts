import type { Engine, TrainingEngine } from '../../src/engines/engine.ts'

/**
 * An engine whose compiled training steps have a fault.
 * @param fault methods in place of the step's own, given it and how many were compiled before it
 */
export function brokenEngine(
  engine: Engine,
  fault: (step: TrainingEngine, compiledBefore: number) => Partial<TrainingEngine>,
): Engine {
  let compiled = 0
  return {
    ...engine,
    compileTraining: async (plan) => {
      const step = await engine.compileTraining(plan)
      const own: TrainingEngine = {
        load: (tensors) => {
          step.load(tensors)
        },
        save: async () => step.save(),
        loadSlots: (tensors) => {
          step.loadSlots(tensors)
        },
        saveSlots: async (only) => step.saveSlots(only),
        saveBuffers: async () => step.saveBuffers(),
        computeGradient: async (data) => step.computeGradient(data),
        accumulateGradient: async (weight, isFirst) => step.accumulateGradient(weight, isFirst),
        update: async (scalars) => step.update(scalars),
        dispose: async () => step.dispose(),
      }
      return { ...own, ...fault(step, compiled++) }
    },
  }
}
