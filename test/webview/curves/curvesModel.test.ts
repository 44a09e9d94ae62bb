import { describe, expect, it } from 'vitest'
import { runKey } from '../../../src/protocol/curvesMessages.ts'
import { chartLines, drawnCurves, focusedCurve, scoreColumn } from '../../../webview/curves/model/chartLines.ts'
import { CurvesModel } from '../../../webview/curves/model/curvesModel.ts'
import { dotsAt, nearestDot } from '../../../webview/curves/model/dots.ts'
import { readout } from '../../../webview/curves/model/readout.ts'
import { recalled } from '../../../webview/curves/model/settings.ts'
import { tablePage } from '../../../webview/curves/model/tableRows.ts'
import { stepsPerEpoch, syntheticColumns, syntheticFacts, syntheticRun } from './syntheticRuns.ts'

const { settings } = recalled(undefined)
const selection = { runs: [], since: '' }
const keyOf = (index: number): string => runKey(syntheticFacts(index).id)

function model(...runs: readonly Parameters<typeof syntheticRun>[]): CurvesModel {
  const made = new CurvesModel()
  made.apply({ type: 'hydrate', selection, runs: runs.map((each) => syntheticRun(...each)) })
  return made
}

describe('the runs of the view', () => {
  it('keep their place among the looks when others go; new ones take the free place', () => {
    const curves = model([0, 10], [1, 10], [2, 10])
    curves.apply({ type: 'remove', run: syntheticFacts(1).id, reason: 'deselected' })
    curves.apply({ type: 'add', run: syntheticRun(7, 0) })
    expect(curves.all.map(({ curve, slot }) => [curve.name, slot])).toEqual([
      ['trial0.f0.s0', 0],
      ['trial2.f0.s0', 2],
      ['trial7.f0.s0', 1],
    ])
  })

  it('have the places that they had before a reload', () => {
    const before = model([0, 10], [1, 10], [2, 10])
    before.apply({ type: 'remove', run: syntheticFacts(0).id, reason: 'deselected' })
    before.apply({ type: 'add', run: syntheticRun(7, 0) })
    const curves = new CurvesModel(before.slots)
    const runs = [syntheticRun(7, 0), syntheticRun(8, 0), syntheticRun(1, 10), syntheticRun(2, 10)]
    curves.apply({ type: 'hydrate', selection, runs })
    // The new one came before those whose places it must not take.
    expect(curves.all.map(({ curve, slot }) => [curve.name, slot])).toEqual([
      ['trial7.f0.s0', 0],
      ['trial8.f0.s0', 3],
      ['trial1.f0.s0', 1],
      ['trial2.f0.s0', 2],
    ])
  })

  it('have references last, with places of their own; one that is chosen moves to the chosen ones', () => {
    const curves = model([0, 10, { isReference: true }], [1, 10])
    expect(curves.all.map(({ curve, slot }) => [curve.name, slot])).toEqual([
      ['trial1.f0.s0', 0],
      ['trial0.f0.s0', 0],
    ])
    curves.apply({ type: 'facts', facts: syntheticFacts(0) })
    expect(curves.all.map(({ curve, slot }) => [curve.name, slot])).toEqual([
      ['trial1.f0.s0', 0],
      ['trial0.f0.s0', 1],
    ])
  })

  it('grow, go back and grow again', () => {
    const curves = model([0, 150])
    const { id } = syntheticFacts(0)
    curves.apply({ type: 'append', appended: [{ run: id, columns: syntheticColumns(0, 150, 250) }] })
    const { curve } = curves.at(keyOf(0))!
    expect(curve.step('step')).toHaveLength(250)
    expect(curve.epoch('epoch')).toHaveLength(2)
    const smooth = [...curve.smoothed('loss', 0.9)]
    curves.apply({ type: 'rewind', run: id, steps: 120, epochs: 1 })
    expect(curve.step('step')).toHaveLength(120)
    expect(curve.classIoU(2)).toHaveLength(1)
    curves.apply({ type: 'append', appended: [{ run: id, columns: syntheticColumns(0, 120, 250) }] })
    expect([...curve.smoothed('loss', 0.9)]).toEqual(smooth)
  })

  it('are not drawn once they are gone, and have a row until that was read', () => {
    const curves = model([0, 10], [1, 10])
    curves.apply({ type: 'remove', run: syntheticFacts(0).id, reason: 'deleted' })
    expect(drawnCurves(curves.all, settings).map(({ curve }) => curve.name)).toEqual(['trial1.f0.s0'])
    expect(curves.all).toHaveLength(2)
    curves.forget(keyOf(0))
    expect(curves.all).toHaveLength(1)
  })

  it('do not mind messages for runs that they do not have', () => {
    const curves = model()
    curves.apply({ type: 'append', appended: [{ run: syntheticFacts(3).id, columns: syntheticColumns(3, 0, 10) }] })
    curves.apply({ type: 'rewind', run: syntheticFacts(3).id, steps: 0, epochs: 0 })
    expect(curves.all).toEqual([])
  })
})

describe('the lines of a chart', () => {
  const curves = model([0, 300], [1, 300], [2, 300, { isReference: true }])
  const drawn = drawnCurves(curves.all, settings)
  const looks = (...parameters: Parameters<typeof chartLines>): readonly (readonly [string, string])[] =>
    chartLines(...parameters).map(({ key, look }) => [key.slice(key.indexOf('\n') + 1, key.indexOf('.')), look])

  it('are the measured loss under the smoothed one, and validation; of a reference the smoothed one alone', () => {
    expect(looks('loss', drawn, settings)).toEqual([
      ['trial2', 'smooth'],
      ['trial2', 'points'],
      ['trial0', 'raw'],
      ['trial0', 'smooth'],
      ['trial0', 'points'],
      ['trial1', 'raw'],
      ['trial1', 'smooth'],
      ['trial1', 'points'],
    ])
  })

  it('are the measured loss alone where nothing is smoothed', () => {
    const [line] = chartLines('loss', drawn.slice(0, 1), { ...settings, smoothing: 0 })
    expect(line.look).toBe('exact')
    expect([...line.ys]).toEqual([...drawn[0].curve.step('loss')])
  })

  it('end with the run that is looked at, over all others', () => {
    const lines = chartLines('score', drawn, { ...settings, focused: keyOf(0) })
    expect(lines.map(({ isFocused }) => isFocused)).toEqual([false, false, true])
    expect(lines.at(-1)?.key).toBe(keyOf(0))
  })

  it.each([
    ['step', stepsPerEpoch],
    ['epoch', 1],
    ['seconds', 0.25 * stepsPerEpoch],
  ] as const)('run over %s', (axis, first) => {
    const [line] = chartLines('score', drawn.slice(0, 1), { ...settings, axis })
    expect(line.xs[0]).toBe(first)
  })

  it('leave out what is switched off', () => {
    const hidden = { ...settings, hidden: [keyOf(0)], hasReferences: false }
    expect(looks('score', drawnCurves(curves.all, hidden), hidden)).toEqual([['trial1', 'points']])
  })

  it('are every class of the run that is looked at, or one class of every run', () => {
    const every = { ...settings, score: { kind: 'every class' } as const, focused: keyOf(1) }
    const lines = chartLines('score', drawn, every)
    expect(lines.map(({ key, owner }) => [key, owner.kind, owner.slot])).toEqual([
      [keyOf(1), 'class', 0],
      [keyOf(1), 'class', 1],
      [keyOf(1), 'class', 2],
    ])
    expect(focusedCurve(drawn, settings)?.curve.name).toBe('trial0.f0.s0')
    const { curve } = drawn[0]
    expect([...scoreColumn(curve, { score: { kind: 'class', name: 'square' } })]).toEqual([...curve.classIoU(2)])
    expect(scoreColumn(curve, { score: { kind: 'class', name: 'of another project' } })).toHaveLength(0)
  })
})

describe('reading values', () => {
  const curves = model([0, 300], [1, 100])
  const drawn = drawnCurves(curves.all, settings)
  const { curve } = drawn[0]

  it('takes the nearest step and the nearest epoch', () => {
    const { step, epoch } = readout(curve, settings, 140.2)
    expect(step.step).toBe(140)
    expect(step.loss).toBe(curve.step('loss')[139])
    expect(epoch.epoch).toBe(1)
    expect(epoch.score).toBe(curve.epoch('mIoU')[0])
  })

  it('takes the last ones without a place, and nothing of a run without values', () => {
    expect(readout(curve, settings, undefined)).toMatchObject({ step: { step: 300 }, epoch: { epoch: 3 } })
    const empty = model([0, 0]).all[0].curve
    expect(readout(empty, settings, 5)).toMatchObject({ step: { loss: NaN }, epoch: { score: NaN } })
  })

  it('has no point where a run ended long before', () => {
    const shown = { min: 0, max: 300 }
    const dots = dotsAt('loss', drawn, settings, 200, shown)
    expect(dots.map(({ key, x }) => [key, x])).toEqual([[keyOf(0), 200]])
    expect(dotsAt('loss', drawn, settings, 105, shown)).toHaveLength(2)
    const [first, second] = dotsAt('loss', drawn, settings, 50, shown)
    expect(nearestDot([first, second], second.y + 0.0001)).toBe(second)
    expect(nearestDot([], 0)).toBeUndefined()
  })
})

describe('the table', () => {
  const curves = model([0, 300], [1, 200])
  const all = curves.all.map(({ curve }) => curve)

  it('has a row per epoch with every class', () => {
    const { columns, rows, count } = tablePage(all, settings, 0)
    expect(count).toBe(5)
    expect(columns.filter(({ kind }) => kind === 'class').map(({ name }) => name)).toEqual([
      'background',
      'disc',
      'square',
    ])
    expect(rows.map(({ run, cells }) => [run, cells[0], cells[1]])).toEqual([
      ['trial0.f0.s0', '1', '100'],
      ['trial0.f0.s0', '2', '200'],
      ['trial0.f0.s0', '3', '300'],
      ['trial1.f0.s0', '1', '100'],
      ['trial1.f0.s0', '2', '200'],
    ])
  })

  it('has a row per step, page by page, over the end of a run', () => {
    const steps = { ...settings, tableRows: 'steps' as const }
    const { rows, first, count } = tablePage(all, steps, 2)
    expect([first, count, rows.length]).toEqual([200, 500, 100])
    const next = tablePage(all, steps, 3)
    expect(next.rows[0]).toMatchObject({ run: 'trial1.f0.s0' })
    expect(next.rows[0].cells[0]).toBe('1')
    expect(tablePage(all, steps, 99).first).toBe(400)
  })

  it('is empty without runs', () => {
    expect(tablePage([], settings, 0)).toMatchObject({ rows: [], count: 0, first: 0 })
  })
})
