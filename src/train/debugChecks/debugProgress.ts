import type { EventOf, RunEvent } from '../../protocol/events.ts'
import type { BestEpoch } from '../../protocol/values.ts'
import { bestOf } from '../monitors.ts'
import type { RunPlan } from '../runPlan.ts'

/** How far the training of a debug run came, from the events that it wrote: what the run's last event says. */
export class DebugProgress {
  step = 0
  epoch = 0
  best: BestEpoch | null = null
  private readonly plan: RunPlan
  private validated: EventOf<'epoch'> | undefined

  constructor(plan: RunPlan) {
    this.plan = plan
  }

  follow(event: RunEvent): void {
    if (event.type === 'step') this.step = event.step
    if (event.type === 'epoch') {
      this.epoch = event.epoch
      this.validated = event
    }
    if (event.type === 'checkpoint' && event.kind === 'best' && this.validated !== undefined)
      this.best = bestOf(this.plan, event.epoch, this.validated.valid, null)
  }
}
