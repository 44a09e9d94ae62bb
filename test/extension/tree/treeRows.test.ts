import { describe, expect, it } from 'vitest'
import { UserError } from '../../../src/core/errors.ts'
import type { EventOf } from '../../../src/protocol/events.ts'
import { ProjectTree } from '../../../src/extension/tree/projectTree.ts'
import type { TreeNode } from '../../../src/extension/tree/treeNodes.ts'
import { TreeRows } from '../../../src/extension/tree/treeRows.ts'
import { runOf } from '../samples.ts'
import { result, storeOf, treeOf } from './treeSamples.ts'

const time = '2026-01-31T09:30:00.000Z'
const check: EventOf<'check'> = { type: 'check', time, name: 'loss falls', verdict: 'fail', message: 'no', values: {} }
const last: EventOf<'checkpoint'> = { type: 'checkpoint', time, kind: 'last', epoch: 2, step: 9, file: '../../out' }

/** A row and what lies below it, as a text outline of kinds. */
function outline(rows: TreeRows, node: TreeNode): unknown {
  const below = rows.children(node).map((child) => outline(rows, child))
  return below.length === 0 ? node.type : { [node.type]: below }
}

function rowsOf(...given: Parameters<typeof treeOf>): TreeRows {
  return new TreeRows(treeOf(...given))
}

describe('rows below an experiment', () => {
  it('are its changed conditions, its folds with their runs, and its debug runs', () => {
    const rows = rowsOf({
      files: { baseline: {}, longer: { train: { epochs: 99 } } },
      runs: [
        runOf('longer.f0.s0', 'failed', { failure: { message: 'the loss is not a number', hint: undefined } }),
        runOf('longer.f0.s1', 'running', { checkpoints: { last } }),
        runOf('longer-debug.f0.s0', 'finished', { checks: [check], warnings: ['few images'] }),
      ],
    })
    expect(outline(rows, rows.experiment('longer'))).toEqual({
      experiment: [
        'condition',
        { fold: [{ run: ['note'] }, { run: ['checkpoint'] }] },
        'fold',
        { 'debug-runs': [{ run: ['note', 'check'] }] },
      ],
    })
  })

  it('say so where there is no change, the file is broken, or another version recorded the conditions', () => {
    const other = { ...result('foreign.f0.s0', 0.6), config: {} }
    const rows = rowsOf({
      files: { baseline: {}, same: {}, typing: new UserError('broken', { line: 3 }), foreign: {} },
      results: [result('baseline.f0.s0', 0.5), other],
    })
    const notes = ['same', 'typing', 'foreign', 'baseline'].map((name) =>
      rows.children(rows.experiment(name)).flatMap((node) => (node.type === 'note' ? [node.note.kind] : [])),
    )
    expect(notes).toEqual([['no-change'], ['broken-file'], ['other-version'], []])
  })

  it('show recorded changes beside the error of a file that broke after training', () => {
    const rows = rowsOf({
      files: { baseline: {}, typing: new UserError('broken') },
      results: [result('baseline.f0.s0', 0.5), result('typing.f0.s0', 0.6, { scheduler: { name: 'ConstantLR' } })],
    })
    const kinds = rows.children(rows.experiment('typing')).map(({ type }) => type)
    expect(kinds.slice(0, 2)).toEqual(['note', 'condition'])
  })
})

describe('rows below a run', () => {
  it('say first why it or its result cannot be read, also where only the result is here', () => {
    const store = storeOf({ runs: [{ ...runOf('a.f0.s0', 'failed'), problem: 'damaged' }] })
    const error = new UserError('another version')
    store.unreadableResults.set('a.f0.s0', error).set('a.f1.s0', error)
    const rows = new TreeRows(new ProjectTree(store))
    const notes = (run: string): unknown => rows.children(rows.run(run)).map((row) => row.type === 'note' && row.note)
    expect(notes('a.f0.s0')).toEqual([
      { kind: 'unreadable', message: 'damaged' },
      { kind: 'unreadable-result', run: 'a.f0.s0', error },
    ])
    expect(notes('a.f1.s0')).toEqual([{ kind: 'unreadable-result', run: 'a.f1.s0', error }])
    expect(rows.hasChildren('a.f1.s0')).toBe(true)
  })
})

describe('a row', () => {
  it('is the same object with the same id as long as its thing exists, and ids are unique', () => {
    const rows = rowsOf({ files: { baseline: {}, a: {} }, runs: [runOf('a.f0.s0', 'failed')] })
    const all = (node: TreeNode): readonly TreeNode[] => [node, ...rows.children(node).flatMap(all)]
    const nodes = all(rows.experiment('a'))
    expect(new Set(nodes.map(({ id }) => id)).size).toBe(nodes.length)
    expect(rows.children(rows.fold('a', 0))[0]).toBe(rows.run('a.f0.s0'))
  })

  it('carries what a command needs: a debug run the experiment that it checks, a condition its key', () => {
    const rows = rowsOf({
      files: { baseline: {}, longer: { train: { epochs: 99 } } },
      runs: [runOf('longer-debug.f1.s0', 'finished')],
    })
    expect(rows.run('longer-debug.f1.s0').target).toEqual({
      root: '/project',
      run: 'longer-debug.f1.s0',
      experiment: 'longer',
      fold: 1,
    })
    expect(rows.children(rows.experiment('longer'))[0].target).toMatchObject({ key: 'train.epochs' })
  })

  it('of a checkpoint names the file where checkpoints are, whatever the event says', () => {
    const rows = rowsOf({ runs: [runOf('baseline.f0.s0', 'stopped', { checkpoints: { last } })] })
    const [checkpoint] = rows.children(rows.run('baseline.f0.s0'))
    expect(checkpoint.target.file).toBe('checkpoints/last.safetensors')
  })
})

describe('rows to draw again', () => {
  it('are the run of an event, the experiment of an end, everything for a new list', () => {
    const store = storeOf({ runs: [runOf('baseline.f0.s0', 'running')] })
    const rows = new TreeRows(new ProjectTree(store))
    const names = new Set(['baseline.f0.s0'])
    store.runs.set('baseline.f0.s0', runOf('baseline.f0.s0', 'running', { epoch: 1 }))
    expect(rows.changed(rows.tree.update(names))).toEqual([rows.run('baseline.f0.s0')])
    store.runs.set('baseline.f0.s0', runOf('baseline.f0.s0', 'failed'))
    expect(rows.changed(rows.tree.update(names))).toEqual([rows.experiment('baseline')])
    store.results.set('baseline.f0.s0', result('baseline.f0.s0', 0.5))
    expect(rows.changed(rows.tree.update(names))).toBeUndefined()
  })
})
