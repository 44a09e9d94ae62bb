import type { RunEvent } from '../protocol/events.ts'
import type { Interruption } from './interruption.ts'
import type { Output } from './output/output.ts'
import { Progress } from './output/progress.ts'

/** Shows a run's events until it ends, and gives its outcome. */
export async function followRun<Outcome>(
  events: AsyncGenerator<RunEvent, Outcome>,
  output: Output,
  interruption: Interruption,
): Promise<Outcome> {
  const progress = new Progress(output)
  try {
    for (;;) {
      const next = await events.next()
      if (next.done === true) return next.value
      if (next.value.type === 'started') interruption.attach(next.value.run)
      progress.show(next.value)
    }
  } finally {
    progress.close()
  }
}
