import type { EventOf, RunEvent } from '../../protocol/events.ts'
import type { BestEpoch } from '../../protocol/values.ts'
import type { RunPlan } from '../runPlan.ts'

/** How far the training of a debug run came, from the events that it wrote: what the run's last event says. */
export class DebugProgress {
  step = 0
  epoch = 0
  best: BestEpoch | null = null
  private readonly metric: RunPlan['project']['primary_metric']
  private validated: EventOf<'epoch'> | undefined

  constructor({ project }: RunPlan) {
    this.metric = project.primary_metric
  }

  follow(event: RunEvent): void {
    if (event.type === 'step') this.step = event.step
    if (event.type === 'epoch') {
      this.epoch = event.epoch
      this.validated = event
    }
    if (event.type === 'checkpoint' && event.kind === 'best' && this.validated !== undefined) {
      const { loss, mIoU, dice, pixelAccuracy } = this.validated.valid
      const value = this.validated.valid[this.metric]
      this.best = { epoch: event.epoch, metric: this.metric, value, loss, mIoU, dice, pixelAccuracy }
    }
  }
}
