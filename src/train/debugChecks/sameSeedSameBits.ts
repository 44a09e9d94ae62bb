import { measuredCurve, type CheckWork, type Finding } from './check.ts'
import { compareTrainings, notComparable, type Trained } from './sameTraining.ts'
import { trainSteps, type StepNumbers } from './trainSteps.ts'
import type { Workbench } from './workbench.ts'

const steps = 4

/** Trains twice from the start, each time with a new trainer and a new loader. */
export async function* sameSeedSameBits(bench: Workbench): CheckWork {
  const trained: Trained[] = []
  for (let repetition = 0; repetition < 2; repetition++) {
    if (repetition > 0) await bench.restart()
    const trainer = await bench.freshTrainer()
    const numbers: StepNumbers[] = []
    for await (const step of trainSteps(bench, trainer, 0, steps)) {
      numbers.push(step)
      yield 'step'
    }
    trained.push({ steps: numbers, weights: await trainer.save(steps), slots: await trainer.saveSlots() })
  }
  return judged(bench, trained[0], trained[1])
}

function judged({ engine, plan }: Workbench, first: Trained, second: Trained): Finding {
  const losses = (training: Trained): (number | null)[] => measuredCurve(training.steps.map(({ loss }) => loss))
  const values = { first: losses(first), second: losses(second) }
  const comparison = compareTrainings(first, second, engine.determinism)
  switch (comparison.kind) {
    case 'same':
      return {
        verdict: 'pass',
        reason: `Two trainings of ${steps} steps with seed ${plan.seed} agree ${comparison.equality}.`,
        values,
      }
    case 'not finite':
      return { verdict: 'unclear', reason: notComparable, values }
    case 'different': {
      const { verdict, step, what } = comparison
      const at = step < steps ? `at step ${step + 1}` : `after ${steps} steps, though no loss does`
      return {
        verdict,
        reason: `Two trainings with seed ${plan.seed} differ ${at}: ${what}. Differences between experiments cannot be told from chance: try --engine plain or --threads 1, and please report it.`,
        values: { ...values, step: step + 1 },
      }
    }
    default:
      return comparison satisfies never
  }
}
