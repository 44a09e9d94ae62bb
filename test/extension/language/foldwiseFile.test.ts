import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { foldwiseFile } from '../../../src/extension/language/foldwiseFile.ts'

const root = resolve('project')
const kindOf = (...parts: readonly string[]) => foldwiseFile(root, join(root, ...parts))

describe('what a file is to its project', () => {
  it('is the project file itself', () => {
    expect(kindOf('foldwise', 'project.jsonc')).toEqual({ kind: 'project' })
  })

  it('is an experiment by the name of its file', () => {
    expect(kindOf('foldwise', 'experiments', 'cut.out.jsonc')).toEqual({ kind: 'experiment', name: 'cut.out' })
  })

  it.each([
    [['foldwise', 'experiments', 'old', 'cutout.jsonc']],
    [['foldwise', 'experiments', 'cutout.json']],
    [['foldwise', 'experiments', '.jsonc']],
    [['foldwise', 'runs', 'a.f0.s0', 'run.json']],
    [['project.jsonc']],
    [['..', 'foldwise', 'project.jsonc']],
    [['nested', 'foldwise', 'project.jsonc']],
  ])('is nothing of the kind: %j', (parts) => {
    expect(kindOf(...parts)).toBeUndefined()
  })
})
