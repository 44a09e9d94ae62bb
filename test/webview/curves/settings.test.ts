import { describe, expect, it } from 'vitest'
import { movedCrosshair } from '../../../webview/curves/crosshair.ts'
import { changed, chartKey } from '../../../webview/curves/model/actions.ts'
import { drawnCurves } from '../../../webview/curves/model/chartLines.ts'
import { CurvesModel } from '../../../webview/curves/model/curvesModel.ts'
import { recalled } from '../../../webview/curves/model/settings.ts'
import { syntheticRun } from './syntheticRuns.ts'

const { settings } = recalled(undefined)

describe('what the view remembers', () => {
  it('comes back after a reload', () => {
    const set = changed(changed(settings, { type: 'axis', axis: 'seconds' }), {
      type: 'zoom',
      zoom: { min: 1, max: 2 },
    })
    const selection = { runs: [{ root: '/project', run: 'cutout.f0.s0' }], since: '2026-01-31T12:00:00.000Z' }
    const state: unknown = JSON.parse(JSON.stringify({ ...set, selection, slots: [['key', 3]] }))
    expect(recalled(state)).toEqual({ settings: set, selection, slots: [['key', 3]] })
  })

  it('is taken as far as it holds', () => {
    const state = {
      axis: 'hours',
      smoothing: 7,
      hidden: ['a', 3],
      focused: 'a',
      zoom: { min: 2, max: 1 },
      score: { kind: 'F1' },
    }
    expect(recalled(state)).toEqual({ settings: { ...settings, focused: 'a' }, selection: undefined, slots: [] })
    expect(recalled({ slots: [['a', 1], ['b', -1], 'c', [2, 2]] }).slots).toEqual([['a', 1]])
    expect(recalled('nonsense').settings).toEqual(settings)
    expect(
      recalled({ selection: { runs: [{ root: 1 }, { root: '/p', run: 'a.f0.s0' }], since: '' } }).selection,
    ).toEqual({
      runs: [{ root: '/p', run: 'a.f0.s0' }],
      since: '',
    })
  })

  it('forgets the zoom with the axis that it was on', () => {
    const zoomed = changed(settings, { type: 'zoom', zoom: { min: 1, max: 2 } })
    expect(changed(zoomed, { type: 'axis', axis: 'epoch' }).zoom).toBeUndefined()
  })

  it('switches runs off and on', () => {
    const off = changed(settings, { type: 'show', key: 'a', isShown: false })
    expect(changed(off, { type: 'show', key: 'a', isShown: false }).hidden).toEqual(['a'])
    expect(changed(off, { type: 'show', key: 'a', isShown: true }).hidden).toEqual([])
  })
})

describe('the keys of a chart', () => {
  const press = (key: string, held: object = {}): ReturnType<typeof chartKey> =>
    chartKey({ key, shiftKey: false, ctrlKey: false, altKey: false, metaKey: false, ...held })

  it('leave those of VS Code and of the system alone', () => {
    expect(['ctrlKey', 'altKey', 'metaKey'].map((held) => press('ArrowLeft', { [held]: true }))).toEqual(
      Array(3).fill(undefined),
    )
    expect([press('F1'), press('Tab')]).toEqual([undefined, undefined])
  })

  const model = new CurvesModel()
  const runs = [syntheticRun(0, 200), syntheticRun(1, 150)]
  model.apply({ type: 'hydrate', selection: { runs: [], since: '' }, runs })
  const drawn = drawnCurves(model.all, settings)
  /** Place and run after keys, from nowhere. */
  const after = (chart: 'loss' | 'score', ...keys: readonly string[]): readonly [number, string] | undefined => {
    let crosshair: ReturnType<typeof movedCrosshair>
    for (const name of keys) {
      const key = press(name, { shiftKey: name === name.toUpperCase() })
      if (key?.type === 'move' || key?.type === 'move-share' || key?.type === 'end' || key?.type === 'run')
        crosshair = movedCrosshair(crosshair, chart, key, drawn, settings)
    }
    return crosshair && [crosshair.x, drawn.find(({ curve }) => curve.key === crosshair.key)!.curve.name]
  }

  it('begin at the last point, and move by points', () => {
    expect(after('loss', 'ArrowLeft')).toEqual([200, 'trial0.f0.s0'])
    expect(after('loss', 'ArrowLeft', 'ArrowLeft', 'ArrowLeft')).toEqual([198, 'trial0.f0.s0'])
    expect(after('score', 'ArrowLeft', 'ArrowLeft')).toEqual([100, 'trial0.f0.s0'])
  })

  it('go to the ends and by tenths, not beyond', () => {
    expect(after('loss', 'Home')).toEqual([1, 'trial0.f0.s0'])
    expect(after('loss', 'Home', 'ArrowLeft')).toEqual([1, 'trial0.f0.s0'])
    expect(after('loss', 'Home', 'PageDown')).toEqual([21, 'trial0.f0.s0'])
    expect(after('loss', 'Home', 'End', 'ArrowRight')).toEqual([200, 'trial0.f0.s0'])
  })

  it('go to the next run, at its nearest point, around the end', () => {
    expect(after('loss', 'End', 'ArrowDown')).toEqual([150, 'trial1.f0.s0'])
    expect(after('loss', 'Home', 'ArrowDown', 'ArrowDown')).toEqual([1, 'trial0.f0.s0'])
  })

  it('go nowhere without runs', () => {
    expect(movedCrosshair(undefined, 'loss', { type: 'move', points: 1 }, [], settings)).toBeUndefined()
  })
})
