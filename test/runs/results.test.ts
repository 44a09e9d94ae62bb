import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { listResults, readResult, writeResult } from '../../src/runs/results.ts'
import { temporaryProject } from './folders.ts'
import { resultSample } from './samples.ts'

describe('results', () => {
  it('are one file per run and read back as written', async () => {
    const workspace = await temporaryProject()
    const second = { ...resultSample, run: 'baseline.f1.s1', fold: 1 }
    await writeResult(workspace, second)
    await writeResult(workspace, resultSample)
    expect(readdirSync(join(workspace.root, 'foldwise', 'results'))).toEqual([
      'baseline.f0.s1.json',
      'baseline.f1.s1.json',
    ])
    expect(readResult(workspace, 'baseline.f1.s1')).toEqual(second)
    expect(listResults(workspace)).toEqual({ results: [resultSample, second], warnings: [] })
  })

  it('that cannot be read are told and hide no other', async () => {
    const workspace = await temporaryProject()
    await writeResult(workspace, resultSample)
    const folder = join(workspace.root, 'foldwise', 'results')
    const text = readFileSync(join(folder, 'baseline.f0.s1.json'), 'utf8')
    writeFileSync(join(folder, 'merged.f0.s1.json'), `<<<<<<< HEAD\n${text}`)
    writeFileSync(join(folder, 'short.f0.s1.json'), '{ "v": 1 }')
    writeFileSync(join(folder, 'README.md'), 'ours')
    const { results, warnings } = listResults(workspace)
    expect(results).toEqual([resultSample])
    expect(warnings).toHaveLength(2)
    expect(warnings[0]).toContain('merged.f0.s1.json')
    expect(warnings[1]).toContain('short.f0.s1.json')
  })

  it('keep a confusion matrix small: a line for each class', async () => {
    const workspace = await temporaryProject()
    const confused = { ...resultSample, confusion: [[5, 1], [0, 12]] } // prettier-ignore
    await writeResult(workspace, confused)
    const text = readFileSync(join(workspace.root, 'foldwise', 'results', 'baseline.f0.s1.json'), 'utf8')
    expect(text).toContain('"confusion": [\n    [5, 1],\n    [0, 12]\n  ]')
    expect(text).toContain('"perClassIoU": [0.6, null]')
    expect(readResult(workspace, confused.run)).toEqual(confused)
  })

  it('are none in a new project', async () => {
    expect(listResults(await temporaryProject())).toEqual({ results: [], warnings: [] })
  })

  it('are not written outside their folder', async () => {
    const workspace = await temporaryProject()
    await expect(writeResult(workspace, { ...resultSample, run: '../../../x' })).rejects.toMatchObject({
      details: { code: 'outside-workspace' },
    })
  })
})
