import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadExperiment } from '../../src/runs/experiments.ts'
import { readProject } from '../../src/runs/project.ts'
import { openWorkspace } from '../../src/runs/workspace.ts'
import { foldwise, recordIn } from './program.ts'
import { temporaryFolder, tinyProject } from './project.ts'

/** A data set without a project. */
async function bareDataset(): Promise<string> {
  const folder = await tinyProject()
  rmSync(join(folder, 'foldwise'), { recursive: true })
  return folder
}

describe('init', () => {
  it('says what it recognised and how, and writes a project that can be read', async () => {
    const folder = await bareDataset()
    const { code, stdout } = await foldwise(['init', folder, '--yes'])
    expect(code).toBe(0)
    expect(stdout).toContain('24 images in images have masks in masks')
    expect(stdout).toContain('Colours come from the palette of the masks.')
    const workspace = openWorkspace(folder)
    const { project } = readProject(workspace)
    expect(project.dataset).toMatchObject({ images: 'images', masks: 'masks', mask_encoding: 'palette' })
    expect(project.dataset.classes.map(({ id }) => id)).toEqual([0, 1, 2, 3, 4])
    expect(project.split).toMatchObject({ method: 'GroupKFold' })
    expect(loadExperiment(workspace, project.baseline).conditions).toHaveProperty('model.arch', 'Unet')
    expect(readFileSync(join(folder, 'foldwise', 'project.jsonc'), 'utf8')).toMatch(/^\/\/ /)
  })

  it('writes nothing where nobody can be asked', async () => {
    const folder = await bareDataset()
    const { code, stdout, stderr } = await foldwise(['init', folder])
    expect(code).toBe(0)
    expect(stdout).toContain('"split"')
    expect(stderr).toContain('--yes')
    expect(existsSync(join(folder, 'foldwise'))).toBe(false)
  })

  it('takes the folders that are named, also the working folder as DIR', async () => {
    const folder = await bareDataset()
    mkdirSync(join(folder, 'raw'))
    renameSync(join(folder, 'images'), join(folder, 'raw', 'a'))
    renameSync(join(folder, 'masks'), join(folder, 'raw', 'b'))
    const named = ['--images', 'raw/a', '--masks', 'raw/b', '--json']
    const { stdout } = await foldwise(['init', ...named], { cwd: folder })
    expect(recordIn(stdout, 'proposal')).toMatchObject({ dataset: { images: 'raw/a', masks: 'raw/b' } })
  })

  it('leaves an existing project alone', async () => {
    const folder = await tinyProject()
    const file = join(folder, 'foldwise', 'project.jsonc')
    writeFileSync(file, '{}')
    const { code, stderr } = await foldwise(['init', folder, '--yes'])
    expect(code).toBe(2)
    expect(stderr).toContain('there is a project in this folder already')
    expect(readFileSync(file, 'utf8')).toBe('{}')
  })

  it('refuses a folder outside the project, and one without a data set', async () => {
    const folder = await bareDataset()
    const outside = await foldwise(['init', folder, '--images', temporaryFolder(), '--masks', 'masks'])
    expect(outside).toMatchObject({ code: 2, stdout: '' })
    expect(outside.stderr).toContain('not inside the project')
    const empty = await foldwise(['init', temporaryFolder(), '--yes'])
    expect(empty.code).toBe(2)
    expect(empty.stderr).toContain('Name the folders with --images and --masks.')
  })
})

describe('sample', () => {
  it('does not touch a folder that holds something', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'mine.txt'), 'mine')
    const { code, stderr } = await foldwise(['sample', folder])
    expect(code).toBe(2)
    expect(stderr).toContain('not empty')
    expect(existsSync(join(folder, 'images'))).toBe(false)
  })

  it('gives the same images for the same seed', async () => {
    const [a, b] = [await tinyProject(), temporaryFolder()]
    await foldwise(['sample', b, '--count', '24', '--size', '64'])
    const image = (folder: string): Buffer => readFileSync(join(folder, 'images', 'scene01_0007.png'))
    expect(image(a).equals(image(b))).toBe(true)
  })
})
