import type { ToCurves } from '../../../src/protocol/curvesMessages.ts'
import { syntheticColumns, syntheticFacts, syntheticRun } from './syntheticRuns.ts'

/** Runs inside the page beside the view and plays the host where messages are too many to come from a test. */
function send(message: ToCurves): void {
  window.postMessage(message)
}

/** Hydrates the view with so many runs, and streams more steps of them, as the host does: ten times a second. */
function stream(runs: number, from: number, to: number, seconds: number): void {
  const indices = Array.from({ length: runs }, (_, index) => index)
  send({
    type: 'hydrate',
    selection: { runs: [], since: '' },
    runs: indices.map((index) => syntheticRun(index, from)),
  })
  const ticks = seconds * 10
  let tick = 0
  const at = (of: number): number => Math.round(from + ((to - from) * of) / ticks)
  const timer = setInterval(() => {
    const appended = indices.map((index) => ({
      run: syntheticFacts(index).id,
      columns: syntheticColumns(index, at(tick), at(tick + 1)),
    }))
    send({ type: 'append', appended })
    tick++
    if (tick === ticks) clearInterval(timer)
  }, 100)
}

/** What a test calls in the page. */
export interface InPage {
  readonly streamSyntheticRuns: typeof stream
}

Object.assign(window, { streamSyntheticRuns: stream } satisfies InPage)
