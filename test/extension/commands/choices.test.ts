import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { devicesOf } from '../../../src/extension/commands/devices.ts'
import { nameProblem } from '../../../src/extension/commands/experimentNames.ts'
import { recognisedHeadline, recognisedLines } from '../../../src/extension/commands/recognised.ts'
import { resumabilityOf } from '../../../src/extension/commands/resumability.ts'
import { sampleFolderIn } from '../../../src/extension/commands/sampleFolder.ts'
import { seedOf } from '../../../src/extension/commands/seed.ts'
import { trainingsOf } from '../../../src/extension/commands/trainings.ts'
import type { AnswerOf } from '../../../src/protocol/questions.ts'
import { temporaryFolder } from '../../runs/folders.ts'
import { byName, lastCheckpoint, runOf } from '../samples.ts'

vi.mock('vscode', () => import('../vscodeTexts.ts'))

describe('a typed seed', () => {
  it.each([
    ['0', 0],
    [' 42 ', 42],
    ['4294967295', 4294967295],
  ])('%j is taken', (text, seed) => {
    expect(seedOf(text)).toBe(seed)
  })

  it.each(['', '-1', '1.5', '1e3', 'seven', '4294967296'])('%j is not', (text) => {
    expect(seedOf(text)).toBeUndefined()
  })
})

describe('the name of a new experiment', () => {
  it.each([
    ['cutout', undefined],
    ['실험_2', undefined],
    ['', 'empty'],
    ['a b', 'characters'],
    ['../a', 'characters'],
    ['con', 'characters'],
    ['Baseline', 'exists'],
    ['cutout-debug', 'debug'],
  ])('%j: %s', (name, problem) => {
    expect(nameProblem(name, ['baseline'])).toBe(problem)
  })
})

describe('whether a run can go on', () => {
  const checkpoints = { last: lastCheckpoint }
  it.each([
    ['a.f0.s0', 'interrupted', checkpoints, 'resumable'],
    ['a.f0.s0', 'stopped', checkpoints, 'resumable'],
    ['a.f0.s0', 'failed', checkpoints, 'resumable'],
    ['a.f0.s0', 'failed', {}, 'no-checkpoint'],
    ['a.f0.s0', 'finished', checkpoints, 'finished'],
    ['a.f0.s0', 'running', checkpoints, 'running'],
    ['a-debug.f0.s0', 'stopped', checkpoints, 'debug'],
  ] as const)('%s, %s', (name, phase, written, expected) => {
    expect(resumabilityOf(runOf(name, phase, { checkpoints: written }))).toBe(expected)
  })
})

describe('what can be stopped', () => {
  const job = { id: '1', root: '/a', work: { kind: 'train', experiment: 'x', fold: 0 } } as const
  const projects = [
    {
      root: '/a',
      runs: byName([runOf('x.f0.s0', 'running'), runOf('y.f0.s0', 'running'), runOf('z.f0.s0', 'stopped')]),
    },
    { root: '/b', runs: byName([runOf('x.f0.s0', 'running')]) },
  ]

  it('is our job first, then runs that others train, each once', () => {
    const names = trainingsOf(projects, { job, run: 'x.f0.s0' }).map(({ root, name, job: own }) => [
      root,
      name,
      own?.id,
    ])
    expect(names).toEqual([
      ['/a', 'x.f0.s0', '1'],
      ['/a', 'y.f0.s0', undefined],
      ['/b', 'x.f0.s0', undefined],
    ])
  })

  it('is a job that has no run yet, by the name of its experiment', () => {
    expect(trainingsOf([], { job, run: undefined })).toEqual([{ root: '/a', name: 'x', run: undefined, job }])
  })
})

describe('found devices', () => {
  const row = { type: 'device', kind: 'cpu', name: 'onnx', memoryBytes: null, threads: 8, note: '' }
  const card = { ...row, kind: 'gpu', memoryBytes: 12 * 2 ** 30 }

  it('name the first of each kind; the first of all is what "auto" takes', () => {
    const found = devicesOf([
      { ...row, device: 'CPU (Xeon)', lowering: 'blocked16', state: 'ready' },
      { ...row, device: 'CPU (Xeon)', lowering: 'plain', state: 'ready' },
      { ...card, device: 'Card B (CUDA)', lowering: 'cuda', state: 'failed' },
      { ...card, device: 'Card A (WebGPU)', lowering: 'webgpu', state: 'ready' },
      { type: 'something-new' },
    ])
    expect(found).toEqual([
      { choices: ['auto', 'cpu'], text: 'CPU (Xeon), onnx blocked16, 8 threads' },
      { choices: ['gpu'], text: 'Card A (WebGPU), 12.0 GiB, onnx webgpu, 8 threads' },
    ])
  })

  it('are none where nothing is ready', () => {
    expect(devicesOf([])).toEqual([])
  })
})

describe('where a sample project goes', () => {
  it('is an empty folder itself, else a new one in it', () => {
    const folder = temporaryFolder()
    expect(sampleFolderIn(folder)).toBe(folder)
    writeFileSync(join(folder, 'notes.txt'), '')
    expect(sampleFolderIn(folder)).toBe(join(folder, 'foldwise-sample'))
    mkdirSync(join(folder, 'foldwise-sample'))
    expect(sampleFolderIn(folder)).toBe(join(folder, 'foldwise-sample-2'))
  })
})

describe('what was recognised in a folder', () => {
  const inspection: AnswerOf<'inspect'> = {
    id: 1,
    type: 'inspect',
    images: 'images',
    masks: 'masks',
    pairs: 60,
    unpaired: 2,
    classes: [
      { id: 0, name: 'background' },
      { id: 1, name: 'cell', color: '#ff0000' },
    ],
    ignoreIndex: 255,
    sizes: ['480 × 360'],
    findings: ['Masks are recognised by their file stems.'],
    split: { method: 'GroupKFold', n_splits: 5, group: { pattern: '^(scene\\d+)_' } },
    maskEncoding: 'index',
    arguments: ['init', '/data', '--yes'],
  }

  it('is said in one line, and in all', () => {
    expect(recognisedHeadline(inspection)).toBe('60 images with masks, 2 classes')
    expect(recognisedLines(inspection).map(({ label, detail }) => `${label}: ${detail}`)).toEqual([
      'Folders: images in images, masks in masks',
      'Without a Mask: 2 images, they are left out',
      'Classes: 0 background, 1 cell · value 255 is ignored',
      'Sizes: 480 × 360',
      'Masks Hold: index',
      'Split: GroupKFold, n_splits 5, group ^(scene\\d+)_',
      'Finding: Masks are recognised by their file stems.',
    ])
  })

  it('leaves out what is not there', () => {
    const labels = recognisedLines({ ...inspection, unpaired: 0, findings: [] }).map(({ label }) => label)
    expect(labels).toEqual(['Folders', 'Classes', 'Sizes', 'Masks Hold', 'Split'])
  })
})
