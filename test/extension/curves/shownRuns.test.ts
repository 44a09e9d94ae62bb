import { describe, expect, it } from 'vitest'
import type { CurvesSelection } from '../../../src/protocol/curvesMessages.ts'
import { selectionName, shownRuns, withRuns, type ProjectRuns } from '../../../src/extension/panels/shownRuns.ts'
import type { RunSummary } from '../../../src/runs/runSummary.ts'
import { byName, runOf } from '../samples.ts'

const root = '/project'
const noon = '2026-01-31T12:00:00.000Z'

function project(...runs: readonly RunSummary[]): ProjectRuns {
  return { root, runs: byName(runs), baseline: 'baseline' }
}

function finished(...names: readonly string[]): readonly RunSummary[] {
  return names.map((name) => runOf(name, 'finished'))
}

function chosen(...names: readonly string[]): CurvesSelection {
  return { runs: names.map((run) => ({ root, run })), since: noon }
}

/** Names of what is shown, references in brackets. */
function names(selection: CurvesSelection, ...projects: readonly ProjectRuns[]): readonly string[] {
  return shownRuns(selection, projects).map(({ id, isReference }) => (isReference ? `(${id.run})` : id.run))
}

describe('the runs that curves show', () => {
  it('are the chosen ones, and the baseline on the same fold', () => {
    const runs = finished('baseline.f0.s0', 'baseline.f1.s0', 'cutout.f0.s0', 'cutout.f1.s0')
    expect(names(chosen('cutout.f0.s0'), project(...runs))).toEqual(['cutout.f0.s0', '(baseline.f0.s0)'])
    expect(names(chosen('cutout.f0.s0', 'cutout.f1.s0'), project(...runs))).toEqual([
      'cutout.f0.s0',
      'cutout.f1.s0',
      '(baseline.f0.s0)',
      '(baseline.f1.s0)',
    ])
  })

  it('take the last attempt of the baseline with the same seed, else with another', () => {
    const runs = finished('baseline.f0.s0', 'baseline.f0.s1', 'baseline.f0.s1.2', 'cutout.f0.s1', 'cutout.f0.s2')
    expect(names(chosen('cutout.f0.s1'), project(...runs))).toEqual(['cutout.f0.s1', '(baseline.f0.s1.2)'])
    expect(names(chosen('cutout.f0.s2'), project(...runs))).toEqual(['cutout.f0.s2', '(baseline.f0.s0)'])
  })

  it('name a run of the baseline once where it was chosen itself', () => {
    const runs = finished('baseline.f0.s0', 'cutout.f0.s0')
    expect(names(chosen('baseline.f0.s0', 'cutout.f0.s0'), project(...runs))).toEqual([
      'baseline.f0.s0',
      'cutout.f0.s0',
    ])
  })

  it('have no reference for a debug run, without a baseline, or without its runs', () => {
    const runs = finished('baseline.f0.s0', 'cutout-debug.f0.s0', 'cutout.f1.s0')
    expect(names(chosen('cutout-debug.f0.s0'), project(...runs))).toEqual(['cutout-debug.f0.s0'])
    expect(names(chosen('cutout.f1.s0'), project(...runs))).toEqual(['cutout.f1.s0'])
    expect(names(chosen('cutout.f1.s0'), { ...project(...runs), baseline: undefined })).toEqual(['cutout.f1.s0'])
  })

  it('are joined by later runs of the same experiments, not by earlier or other ones', () => {
    const later = { created: '2026-01-31T12:00:01.000Z' }
    const runs = [
      ...finished('cutout.f0.s0', 'cutout.f2.s0', 'mixup.f0.s0'),
      { ...runOf('cutout.f1.s0', 'running'), ...later },
      { ...runOf('mixup.f1.s0', 'running'), ...later },
    ]
    expect(names(chosen('cutout.f0.s0'), project(...runs))).toEqual(['cutout.f0.s0', 'cutout.f1.s0'])
  })

  it('are told apart over projects, and are left out where they are gone', () => {
    const other: ProjectRuns = { ...project(...finished('cutout.f0.s0')), root: '/other' }
    const selection = {
      runs: [
        { root: '/other', run: 'cutout.f0.s0' },
        { root, run: 'deleted.f0.s0' },
      ],
      since: noon,
    }
    expect(shownRuns(selection, [project(...finished('cutout.f0.s0')), other]).map(({ id }) => id.root)).toEqual([
      '/other',
    ])
  })
})

describe('a selection', () => {
  it('keeps the runs that joined it when more are chosen', () => {
    const joined = { ...runOf('cutout.f1.s0', 'running'), created: '2026-01-31T12:00:01.000Z' }
    const now = '2026-01-31T13:00:00.000Z'
    const all = project(...finished('baseline.f0.s0', 'cutout.f0.s0', 'mixup.f0.s0'), joined)
    const shown = shownRuns(chosen('cutout.f0.s0'), [all])
    const more = withRuns(
      chosen('cutout.f0.s0'),
      shown,
      [
        { root, run: 'mixup.f0.s0' },
        { root, run: 'cutout.f0.s0' },
      ],
      now,
    )
    expect(more.since).toBe(now)
    expect(more.runs.map(({ run }) => run)).toEqual(['cutout.f0.s0', 'cutout.f1.s0', 'mixup.f0.s0'])
  })

  it('is named by its run, its experiment or its size; references do not count', () => {
    const all = [project(...finished('baseline.f0.s0', 'cutout.f0.s0', 'cutout.f1.s0', 'mixup.f0.s0'))]
    const nameOf = (...runs: readonly string[]): unknown => selectionName(shownRuns(chosen(...runs), all))
    expect(nameOf()).toEqual({ kind: 'nothing' })
    expect(nameOf('cutout.f0.s0')).toEqual({ kind: 'run', name: 'cutout.f0.s0' })
    expect(nameOf('cutout.f0.s0', 'cutout.f1.s0')).toEqual({ kind: 'experiment', name: 'cutout', count: 2 })
    expect(nameOf('cutout.f0.s0', 'mixup.f0.s0')).toEqual({ kind: 'runs', count: 2 })
  })
})
