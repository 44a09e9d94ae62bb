import { cpSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readProject } from '../../src/runs/project.ts'
import { openWorkspace } from '../../src/runs/workspace.ts'
import { foldwise } from './program.ts'
import { temporaryFolder, tinyProject } from './project.ts'
import { ServeClient } from './serveClient.ts'

/** A data set without a project. */
async function bareDataset(): Promise<string> {
  const folder = await tinyProject()
  rmSync(join(folder, 'foldwise'), { recursive: true })
  return folder
}

describe('inspect', () => {
  it('says what init would recognise, and how to have exactly that', async () => {
    const folder = await bareDataset()
    const answer = await new ServeClient().ask<'inspect'>({ type: 'inspect', folder })
    expect(answer).toMatchObject({
      images: 'images',
      masks: 'masks',
      pairs: 24,
      unpaired: 0,
      ignoreIndex: null,
      sizes: ['64 × 64'],
      maskEncoding: 'palette',
    })
    expect(answer.findings.join()).toContain('File names show 4 groups')

    expect(await foldwise(answer.arguments)).toMatchObject({ code: 0 })
    const { dataset, split } = readProject(openWorkspace(folder)).project
    expect(dataset.classes).toEqual(answer.classes)
    expect([dataset.images, dataset.masks, dataset.ignore_index]).toEqual([answer.images, answer.masks, null])
    expect(split).toMatchObject(answer.split)

    const plain = await bareDataset()
    await foldwise(['init', plain, '--yes'])
    const written = (project: string): string => readFileSync(join(project, 'foldwise', 'project.jsonc'), 'utf8')
    expect(written(plain)).toBe(written(folder))
  })

  it('takes the folders that are named', async () => {
    const folder = await bareDataset()
    mkdirSync(join(folder, 'raw'))
    cpSync(join(folder, 'images'), join(folder, 'raw', 'a'), { recursive: true })
    renameSync(join(folder, 'masks'), join(folder, 'raw', 'b'))
    const question = { type: 'inspect', folder, images: 'raw/a', masks: 'raw/b' } as const
    expect(await new ServeClient().ask<'inspect'>(question)).toMatchObject({ images: 'raw/a', masks: 'raw/b' })
  })

  it('counts images without a mask, and says that there is a project', async () => {
    const folder = await tinyProject()
    rmSync(join(folder, 'masks', 'scene00_0000.png'))
    const { pairs, unpaired, findings } = await new ServeClient().ask<'inspect'>({ type: 'inspect', folder })
    expect({ pairs, unpaired }).toEqual({ pairs: 23, unpaired: 1 })
    expect(findings.at(-1)).toContain('There is a project in this folder already')
  })

  it('fails where there is no data set, or the named folder lies outside', async () => {
    const client = new ServeClient()
    const folder = temporaryFolder()
    expect(await client.askAny({ type: 'inspect', folder })).toMatchObject({ type: 'failed', code: 'no-dataset' })
    const outside = { type: 'inspect', folder, images: '../a', masks: 'b' }
    expect(await client.askAny(outside)).toMatchObject({ type: 'failed', code: 'outside-workspace' })
  })
})
