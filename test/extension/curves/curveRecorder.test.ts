import { describe, expect, it } from 'vitest'
import type { CurveColumns } from '../../../src/protocol/curvesMessages.ts'
import { parseEventLine, type NewRunEvent, type RunEvent } from '../../../src/protocol/events.ts'
import { CurveRecorder } from '../../../src/extension/panels/curveRecorder.ts'
import { epochEvent, startedEvent, stepEvent } from './events.ts'

const began = Date.parse('2026-01-31T09:30:00.000Z')

/** @param second after the run began */
function at(second: number, event: NewRunEvent): RunEvent {
  return { time: new Date(began + second * 1000).toISOString(), ...event }
}

/** A view that follows a recorder: what it was told, put together. */
class Follower {
  readonly step: number[] = []
  readonly loss: number[] = []
  readonly epoch: number[] = []

  take(recorder: CurveRecorder): void {
    const news = recorder.news()
    if (news?.rewind !== undefined) {
      this.step.length = this.loss.length = news.rewind.steps
      this.epoch.length = news.rewind.epochs
    }
    if (news?.columns !== undefined) this.append(news.columns)
  }

  append({ steps, epochs }: CurveColumns): void {
    this.step.push(...steps.step)
    this.loss.push(...steps.loss)
    this.epoch.push(...epochs.epoch)
  }
}

/** Two epochs of three steps each, one second per step; it trains from the second second on. */
const twoEpochs: readonly RunEvent[] = [
  at(0, startedEvent({ images: { train: 12, valid: 4 } })),
  at(2, { type: 'phase', phase: 'train' }),
  at(3, stepEvent(1, 1, { loss: 0.9 })),
  at(4, stepEvent(2, 1, { loss: 0.8 })),
  at(5, stepEvent(3, 1, { loss: 0.7 })),
  at(6, epochEvent(1, { mIoU: 0.4, perClassIoU: [0.5, null] })),
  at(7, stepEvent(4, 2, { loss: 0.6 })),
  at(8, stepEvent(5, 2, { loss: null })),
  at(9, stepEvent(6, 2, { loss: 0.5 })),
  at(10, epochEvent(2, { mIoU: 0.5, perClassIoU: [0.6, 0.4] })),
]

function recorded(events: readonly RunEvent[]): CurveRecorder {
  const recorder = new CurveRecorder()
  for (const event of events) recorder.take(event)
  return recorder
}

describe('the columns of a run', () => {
  const { steps, epochs } = recorded(twoEpochs).all()

  it('have a row per step, with fractions of an epoch and seconds of training', () => {
    expect([...steps.step]).toEqual([1, 2, 3, 4, 5, 6])
    expect([...steps.epoch].map((epoch) => Number(epoch.toFixed(3)))).toEqual([0.333, 0.667, 1, 1.333, 1.667, 2])
    expect([...steps.seconds]).toEqual([1, 2, 3, 5, 6, 7])
  })

  it('have NaN where nothing was measured', () => {
    expect([...steps.loss]).toEqual([0.9, 0.8, 0.7, 0.6, NaN, 0.5])
    expect([...epochs.perClassIoU]).toEqual([0.5, NaN, 0.6, 0.4])
  })

  it('have a row per epoch, at the step that it ended with', () => {
    expect([...epochs.epoch]).toEqual([1, 2])
    expect([...epochs.step]).toEqual([3, 6])
    expect([...epochs.seconds]).toEqual([4, 8])
    expect([...epochs.mIoU]).toEqual([0.4, 0.5])
    expect(epochs.classes.map(({ name }) => name)).toEqual(['a', 'b'])
  })

  it('do not mind torn lines', () => {
    const lines = ['{"time":"2026-01-31T09:30:0', JSON.stringify(twoEpochs[2]), '{"type":"unknown"}', '']
    const { steps: told } = recorded(lines.flatMap((line) => parseEventLine(line) ?? [])).all()
    expect([...told.loss]).toEqual([0.9])
  })

  it('follow a clock that was set back, without going back themselves', () => {
    const { steps: told } = recorded([...twoEpochs, at(4, stepEvent(7, 3)), at(5, stepEvent(8, 3))]).all()
    expect([...told.seconds].slice(-3)).toEqual([7, 8, 8])
  })
})

describe('a resumed run', () => {
  const resumed = at(100, startedEvent({ images: { train: 12, valid: 4 }, resumed: { epoch: 2, step: 4 } }))
  const secondLife: readonly RunEvent[] = [
    resumed,
    at(110, { type: 'phase', phase: 'train' }),
    at(112, stepEvent(5, 2, { loss: 0.55 })),
    at(113, stepEvent(6, 2, { loss: 0.45 })),
    at(114, epochEvent(2, { mIoU: 0.6 })),
  ]

  it('replaces what came after its checkpoint', () => {
    const { steps, epochs } = recorded([...twoEpochs, ...secondLife]).all()
    expect([...steps.loss]).toEqual([0.9, 0.8, 0.7, 0.6, 0.55, 0.45])
    expect([...epochs.mIoU]).toEqual([0.4, 0.6])
  })

  it('leaves out the time that nobody trained in', () => {
    const { steps, epochs } = recorded([...twoEpochs, ...secondLife]).all()
    expect([...steps.seconds]).toEqual([1, 2, 3, 5, 7, 8])
    expect([...epochs.seconds]).toEqual([4, 9])
  })

  it('goes on from the beginning of an epoch: that epoch is not done yet', () => {
    const again = at(100, startedEvent({ resumed: { epoch: 2, step: 3 } }))
    const { steps, epochs } = recorded([...twoEpochs, again]).all()
    expect([...steps.step]).toEqual([1, 2, 3])
    expect([...epochs.epoch]).toEqual([1])
  })

  it('goes back although the line that says so was torn', () => {
    const { steps, epochs } = recorded([...twoEpochs, ...secondLife.slice(1)]).all()
    expect([...steps.step]).toEqual([1, 2, 3, 4, 5, 6])
    expect([...steps.loss].slice(-2)).toEqual([0.55, 0.45])
    expect([...epochs.mIoU]).toEqual([0.4, 0.6])
  })

  it('that was begun anew forgets everything', () => {
    const { steps, epochs } = recorded([...twoEpochs, at(100, startedEvent()), at(101, stepEvent(1, 1))]).all()
    expect([...steps.step]).toEqual([1])
    expect(epochs.epoch).toHaveLength(0)
  })
})

describe('a view that follows', () => {
  const events: readonly RunEvent[] = [
    ...twoEpochs,
    at(100, startedEvent({ resumed: { epoch: 2, step: 4 } })),
    at(112, stepEvent(5, 2, { loss: 0.55 })),
    at(113, stepEvent(6, 2, { loss: 0.45 })),
    at(114, epochEvent(2)),
    at(115, stepEvent(7, 3, { loss: 0.4 })),
  ]
  const whole = recorded(events).all()

  it.each([1, 2, 3, 4, 5, 100])('is told every event once, %i at a time', (portion) => {
    const recorder = new CurveRecorder()
    const view = new Follower()
    for (const [index, event] of events.entries()) {
      recorder.take(event)
      if (index % portion === portion - 1) view.take(recorder)
    }
    view.take(recorder)
    expect(view.step).toEqual([...whole.steps.step])
    expect(view.loss).toEqual([...whole.steps.loss])
    expect(view.epoch).toEqual([...whole.epochs.epoch])
  })

  it.each(events.map((_, index) => index))('goes on after a reload at event %i', (reload) => {
    const recorder = new CurveRecorder()
    let view = new Follower()
    for (const [index, event] of events.entries()) {
      recorder.take(event)
      if (index % 2 === 0) view.take(recorder)
      if (index !== reload) continue
      view = new Follower()
      view.append(recorder.all())
    }
    view.take(recorder)
    expect(view.step).toEqual([...whole.steps.step])
    expect(view.epoch).toEqual([...whole.epochs.epoch])
  })

  it('is told nothing when nothing is new', () => {
    const recorder = recorded(twoEpochs)
    recorder.all()
    recorder.take(at(11, { type: 'warning', message: 'slow disk' }))
    expect(recorder.news()).toBeUndefined()
  })
})
