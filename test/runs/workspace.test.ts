import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createExperiment, listExperiments, loadExperiment } from '../../src/runs/experiments.ts'
import { readProject } from '../../src/runs/project.ts'
import { createProject, findWorkspace, openWorkspace } from '../../src/runs/workspace.ts'
import type { Workspace } from '../../src/runs/workspace.ts'
import { projectSample, temporaryFolder, temporaryProject } from './folders.ts'

function userError(details: object): Error {
  return expect.objectContaining({ name: 'UserError', details: expect.objectContaining(details) as unknown }) as Error
}

function writeExperimentFile({ root }: Workspace, name: string, text: string): string {
  const file = join(root, 'foldwise', 'experiments', `${name}.jsonc`)
  writeFileSync(file, text)
  return file
}

describe('finding a project', () => {
  it('takes the nearest folder upwards that has one', async () => {
    const { root } = await temporaryProject()
    const deep = join(root, 'a', 'b')
    mkdirSync(deep, { recursive: true })
    expect(findWorkspace(deep)).toEqual({ root })
    await createProject(join(root, 'a'), projectSample, {})
    expect(findWorkspace(deep)).toEqual({ root: join(root, 'a') })
  })

  it('with --project looks in that folder only', async () => {
    const { root } = await temporaryProject()
    mkdirSync(join(root, 'a'))
    expect(openWorkspace(root)).toEqual({ root })
    expect(() => openWorkspace(join(root, 'a'))).toThrow(userError({ code: 'no-project' }))
  })

  it('says what to do where there is none', () => {
    expect(() => findWorkspace(temporaryFolder())).toThrow(
      userError({ code: 'no-project', hint: expect.stringContaining('foldwise init') as unknown }),
    )
  })
})

describe('a new project', () => {
  it('can be read, ignores its runs, and says its comments', async () => {
    const workspace = await createProject(temporaryFolder(), projectSample, { dataset: 'Images and masks.' })
    const { project, document } = readProject(workspace)
    expect(project).toMatchObject(projectSample)
    expect(document.text).toContain('  // Images and masks.\n  "dataset"')
    expect(readFileSync(join(workspace.root, 'foldwise', '.gitignore'), 'utf8')).toMatch(/^runs\/$/m)
    expect(listExperiments(workspace)).toEqual([])
  })

  it('never replaces one', async () => {
    const { root } = await temporaryProject()
    const file = join(root, 'foldwise', 'project.jsonc')
    const before = readFileSync(file)
    await expect(createProject(root, {}, {})).rejects.toEqual(userError({ code: 'exists', file }))
    expect(readFileSync(file)).toEqual(before)
  })

  it('adds to a .gitignore that is there and repeats nothing', async () => {
    const root = temporaryFolder()
    mkdirSync(join(root, 'foldwise'))
    const file = join(root, 'foldwise', '.gitignore')
    writeFileSync(file, '*.tmp')
    const workspace = await createProject(root, projectSample, {})
    expect(readFileSync(file, 'utf8')).toBe('*.tmp\nruns/\n')
    renameSync(join(root, 'foldwise', 'project.jsonc'), join(root, 'old.jsonc'))
    await createProject(workspace.root, projectSample, {})
    expect(readFileSync(file, 'utf8')).toBe('*.tmp\nruns/\n')
  })

  it('names file and line of a value that is wrong', async () => {
    const { root } = await temporaryProject()
    const file = join(root, 'foldwise', 'project.jsonc')
    const lines = readFileSync(file, 'utf8').replace('"KFold"', '"KFoldd"').split('\n')
    writeFileSync(file, lines.join('\n'))
    const line = lines.findIndex((text) => text.includes('KFoldd')) + 1
    expect(() => readProject({ root })).toThrow(userError({ file, line }))
  })
})

describe('experiments', () => {
  it('are listed by name; other files are not', async () => {
    const workspace = await temporaryProject()
    await createExperiment(workspace, 'cutout', { extends: 'baseline' })
    await createExperiment(workspace, 'baseline', { hypothesis: 'none' }, { hypothesis: 'The start.' })
    writeExperimentFile(workspace, 'README', '').replace('.jsonc', '.md')
    writeExperimentFile(workspace, 'not a name', '{}')
    writeFileSync(join(workspace.root, 'foldwise', 'experiments', '.x.jsonc.tmp'), '{}')
    expect(listExperiments(workspace)).toEqual(['README', 'baseline', 'cutout'])
  })

  it('are merged with what they extend', async () => {
    const workspace = await temporaryProject()
    await createExperiment(workspace, 'baseline', { train: { epochs: 20, seed: 3 } })
    await createExperiment(workspace, 'longer', { extends: 'baseline', hypothesis: 'time', train: { epochs: 80 } })
    expect(loadExperiment(workspace, 'longer')).toMatchObject({
      lineage: ['longer', 'baseline'],
      conditions: { train: { epochs: 80, seed: 3 } },
      own: { hypothesis: 'time' },
    })
  })

  it('know for every merged value the file and line that set it', async () => {
    const workspace = await temporaryProject()
    const parent = writeExperimentFile(
      workspace,
      'baseline',
      '{\n  "train": {\n    "epochs": 20,\n    "seed": 3\n  },\n  "augment": [\n    { "name": "A", "p": 1 }\n  ]\n}',
    )
    const child = writeExperimentFile(
      workspace,
      'child',
      '{ "extends": "baseline",\n  "train": { "epochs": 80 },\n  "augment": [\n    { "name": "B" }\n  ] }',
    )
    const { locate } = loadExperiment(workspace, 'child')
    expect(locate(['train', 'epochs'])).toEqual({ file: child, line: 2 })
    expect(locate(['train', 'seed'])).toEqual({ file: parent, line: 4 })
    expect(locate(['augment', 0, 'name'])).toEqual({ file: child, line: 4 })
    // The child's list replaces the parent's, so a key missing in it is missing there.
    expect(locate(['augment', 0, 'p'])).toEqual({ file: child, line: 4 })
    expect(locate(['optimizer', 'lr'])).toEqual({ file: child, line: 1 })
  })

  it('name file and line where JSON or form is broken, in a parent too', async () => {
    const workspace = await temporaryProject()
    writeExperimentFile(workspace, 'child', '{ "extends": "parent" }')
    const file = writeExperimentFile(workspace, 'parent', '{\n  "train": { "epochs": 20 },\n  "los": []\n}')
    expect(() => loadExperiment(workspace, 'child')).toThrow(userError({ file, line: 3 }))
    writeExperimentFile(workspace, 'parent', '{\n  "train": {\n    "epochs": 20,\n    "lr" 1\n  }\n}')
    expect(() => loadExperiment(workspace, 'child')).toThrow(userError({ file, line: 4, code: 'broken-jsonc' }))
  })

  it('are never overwritten by a new one', async () => {
    const workspace = await temporaryProject()
    const file = await createExperiment(workspace, 'a', { notes: 'first' })
    await expect(createExperiment(workspace, 'a', { notes: 'second' })).rejects.toEqual(
      userError({ code: 'exists', file }),
    )
    expect(readFileSync(file, 'utf8')).toContain('first')
  })

  it.each(['../project', 'a/b', '/etc/passwd', '..', 'C:\\x', ''])('cannot be called %j', async (name) => {
    const workspace = await temporaryProject()
    await expect(createExperiment(workspace, name, {})).rejects.toEqual(userError({ code: 'invalid-name' }))
    expect(() => loadExperiment(workspace, name)).toThrow(userError({ code: 'invalid-name' }))
  })
})

describe.runIf(process.platform !== 'win32')('a link out of the workspace', () => {
  it('is not followed to a project', async () => {
    const { root } = await temporaryProject()
    const other = temporaryFolder()
    symlinkSync(join(root, 'foldwise'), join(other, 'foldwise'))
    expect(() => openWorkspace(other)).toThrow(userError({ code: 'outside-workspace' }))
  })

  it('is not followed to an experiment, be there a file behind it or not', async () => {
    const workspace = await temporaryProject()
    const outside = temporaryFolder()
    const experiments = join(workspace.root, 'foldwise', 'experiments')
    writeFileSync(join(outside, 'secret'), '{}')
    symlinkSync(join(outside, 'secret'), join(experiments, 'a.jsonc'))
    symlinkSync(join(outside, 'absent'), join(experiments, 'b.jsonc'))
    expect(() => loadExperiment(workspace, 'a')).toThrow(userError({ code: 'outside-workspace' }))
    await expect(createExperiment(workspace, 'b', {})).rejects.toEqual(userError({ code: 'outside-workspace' }))
    expect(readdirSync(outside)).toEqual(['secret'])
  })

  it('is not followed to a folder of experiments', async () => {
    const workspace = await temporaryProject()
    const outside = temporaryFolder()
    const experiments = join(workspace.root, 'foldwise', 'experiments')
    renameSync(experiments, join(outside, 'experiments'))
    symlinkSync(join(outside, 'experiments'), experiments)
    expect(() => listExperiments(workspace)).toThrow(userError({ code: 'outside-workspace' }))
    await expect(createExperiment(workspace, 'a', {})).rejects.toEqual(userError({ code: 'outside-workspace' }))
    expect(existsSync(join(outside, 'experiments', 'a.jsonc'))).toBe(false)
  })

  it('matters no more than where it leads: the workspace itself may be reached through one', async () => {
    const { root } = await temporaryProject()
    const link = join(temporaryFolder(), 'link')
    symlinkSync(root, link)
    const workspace = findWorkspace(link)
    await createExperiment(workspace, 'a', {})
    expect(listExperiments(workspace)).toEqual(['a'])
  })
})
