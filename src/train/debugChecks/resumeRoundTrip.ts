import { decodeSafetensors, encodeSafetensors } from '../../core/safetensors.ts'
import { measuredCurve, type CheckWork, type Finding } from './check.ts'
import { compareTrainings, notComparable, type Trained } from './sameTraining.ts'
import { trainSteps, type StepNumbers } from './trainSteps.ts'
import type { Workbench } from './workbench.ts'

/** Enough that the optimizer's averages matter, and that a difference shows in a loss. */
const stepsBefore = 3
const stepsAfter = 3

/** Trains through, then once more from a state that was saved on the way, in a new trainer with a new loader. */
export async function* resumeRoundTrip(bench: Workbench): CheckWork {
  const first = await bench.freshTrainer()
  const steps: StepNumbers[] = []
  for await (const numbers of trainSteps(bench, first, 0, stepsBefore)) {
    steps.push(numbers)
    yield 'step'
  }
  const saved = {
    weights: encodeSafetensors(await first.save(stepsBefore), { format: 'pt' }),
    slots: encodeSafetensors(await first.saveSlots(), {}),
  }
  const through: StepNumbers[] = []
  for await (const numbers of trainSteps(bench, first, stepsBefore, stepsAfter)) {
    through.push(numbers)
    yield 'step'
  }
  const expected = {
    steps: through,
    weights: await first.save(stepsBefore + stepsAfter),
    slots: await first.saveSlots(),
  }

  await bench.restart()
  const second = await bench.trainer()
  second.load(decodeSafetensors(saved.weights).tensors, decodeSafetensors(saved.slots).tensors)
  const resumed: StepNumbers[] = []
  for await (const numbers of trainSteps(bench, second, stepsBefore, stepsAfter)) {
    resumed.push(numbers)
    yield 'step'
  }
  // Its counters count on from those that were loaded.
  const actual = { steps: resumed, weights: await second.save(stepsAfter), slots: await second.saveSlots() }
  return judged(bench, steps, expected, actual)
}

function judged({ engine }: Workbench, before: readonly StepNumbers[], expected: Trained, actual: Trained): Finding {
  const losses = (steps: readonly StepNumbers[]): (number | null)[] => measuredCurve(steps.map(({ loss }) => loss))
  const values = {
    losses: losses([...before, ...expected.steps]),
    resumed: losses([...before, ...actual.steps]),
    savedAfter: stepsBefore,
  }
  const comparison = compareTrainings(expected, actual, engine.determinism)
  switch (comparison.kind) {
    case 'same':
      return {
        verdict: 'pass',
        reason: `Saved after ${stepsBefore} steps and resumed: ${stepsAfter} more steps, weights and optimizer agree ${comparison.equality}.`,
        values,
      }
    case 'not finite':
      return { verdict: 'unclear', reason: notComparable, values }
    case 'different': {
      const { verdict, step, what } = comparison
      const at =
        step < stepsAfter
          ? `at step ${step + 1} after the resume`
          : `${stepsAfter} steps after the resume, though no loss does`
      return {
        verdict,
        reason: `What a resumed training computes differs ${at}: ${what}. Do not resume runs of this experiment before this is understood; please report it with the run folder.`,
        values: { ...values, step: stepsBefore + step + 1 },
      }
    }
    default:
      return comparison satisfies never
  }
}
