import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { encode } from 'fast-png'
import { describe, expect, it } from 'vitest'
import { parseProject } from '../../src/core/project.ts'
import type { Project } from '../../src/core/projectSchema.ts'
import { inspectFolder, type Inspection } from '../../src/data/inspect/inspect.ts'
import { writeSampleDataset } from '../../src/data/sample/sampleDataset.ts'
import { describeWithShared } from '../shared.ts'
import { messageOf, temporaryFolder, type SharedClass } from './dataset.ts'

/** Every proposal must be a project that the schema accepts. */
async function inspected(
  root: string,
  choice: { images?: string; masks?: string } = {},
): Promise<{ inspection: Inspection; project: Project }> {
  const inspection = await inspectFolder({ root, ...choice })
  return { inspection, project: parseProject(inspection.proposal, () => ({ file: 'proposal' })) }
}

function writePng(path: string, values: readonly number[], channels: number): void {
  writeFileSync(
    path,
    encode({ width: 4, height: values.length / channels / 4, channels, data: Uint8Array.from(values) }),
  )
}

function makeFolders(root: string, ...folders: readonly string[]): void {
  for (const folder of folders) mkdirSync(join(root, folder), { recursive: true })
}

const gray = (values: readonly number[]): number[] => values.flatMap((v) => [v, v, v])

describeWithShared('real data sets', 'data', (data) => {
  const listOf = (name: string): { classes: SharedClass[]; ignore_index: number | null } =>
    JSON.parse(readFileSync(join(data, name, 'classes.json'), 'utf8')) as {
      classes: SharedClass[]
      ignore_index: number | null
    }

  it('CamVid: folders, names, the unlabelled id and the drives', async () => {
    const { classes, ignore_index: ignored } = listOf('camvid')
    const { project, inspection } = await inspected(join(data, 'camvid'))
    expect([project.dataset.images, project.dataset.masks]).toEqual(['train', 'trainannot'])
    expect(project.dataset.ignore_index).toBe(ignored)
    expect(project.dataset.classes.map(({ id, name }) => [id, name])).toEqual(
      classes.filter(({ id }) => id !== ignored).map(({ id, name }) => [id, name]),
    )
    expect(project.dataset.mask_encoding).toBe('index')
    const { groups } = (
      JSON.parse(readFileSync(join(data, 'expected', 'camvid.json'), 'utf8')) as {
        splits: { train: { groups: object } }
      }
    ).splits.train
    expect(project.split).toMatchObject({ method: 'GroupKFold', n_splits: Object.keys(groups).length })
    const sum = [...inspection.shares.values()].reduce((a, b) => a + b, 0)
    expect(sum).toBeCloseTo(1, 9)
    expect(inspection.sentences.join('\n')).toContain('val + valannot')
  })

  it('ISBI 2012: 255 is a class, not ignored', async () => {
    const { classes } = listOf('isbi2012-em')
    const { project } = await inspected(join(data, 'isbi2012-em'))
    expect(project.dataset.classes.map(({ id, name }) => [id, name])).toEqual([[0, classes[0].name], [255, classes[1].name]]) // prettier-ignore
    expect(project.dataset.ignore_index).toBeNull()
    expect(project.split.method).toBe('KFold')
  })
})

describe('inspectFolder', () => {
  it('recognises the sample data set: palette masks, colours, scenes', async () => {
    const root = temporaryFolder()
    const written = await writeSampleDataset(root, { count: 12, size: 48 })
    const { project } = await inspected(root)
    expect(project.dataset.mask_encoding).toBe('palette')
    expect(project.dataset.classes.map(({ id, color }) => [id, color])).toEqual(
      written.dataset.classes.map(({ id, color }) => [id, color]),
    )
    expect(project.split).toMatchObject({ method: 'GroupKFold', n_splits: 2 })
  })

  it('takes a lone 255 beside several ids as ignored, with a reason', async () => {
    const root = temporaryFolder()
    makeFolders(root, 'images', 'labels')
    for (const name of ['a', 'b', 'c']) {
      writePng(join(root, 'images', `${name}.png`), gray([1, 2, 3, 4]), 3)
      writePng(join(root, 'labels', `${name}.png`), [0, 1, 2, 255], 1)
    }
    const { project, inspection } = await inspected(root)
    expect(project.dataset.ignore_index).toBe(255)
    expect(project.dataset.classes.map(({ id }) => id)).toEqual([0, 1, 2])
    expect(inspection.sentences.join('\n')).toContain('255 is ignored')
  })

  it('proposes colours as classes for colour masks, the most frequent first', async () => {
    const root = temporaryFolder()
    makeFolders(root, 'images', 'masks')
    writePng(join(root, 'images', 'a.png'), gray([1, 2, 3, 4]), 3)
    writePng(join(root, 'masks', 'a.png'), [255, 0, 0, 0, 0, 9, 0, 0, 9, 0, 0, 9], 3)
    const { project } = await inspected(root)
    expect(project.dataset.mask_encoding).toBe('color')
    expect(project.dataset.classes.map(({ color }) => color)).toEqual(['#000009', '#ff0000'])
  })

  it('finds masks beside their images by their suffix', async () => {
    const root = temporaryFolder()
    for (const name of ['a', 'b']) {
      writePng(join(root, `${name}.png`), gray([1, 2, 3, 4]), 3)
      writePng(join(root, `${name}_mask.png`), [0, 0, 1, 1], 1)
    }
    const { project } = await inspected(root)
    expect([project.dataset.images, project.dataset.masks]).toEqual(['.', '.'])
  })

  it('tells masks by their content where no name does', async () => {
    const root = temporaryFolder()
    makeFolders(root, 'one', 'two')
    for (const name of ['a', 'b']) {
      writePng(join(root, 'one', `${name}.png`), [0, 0, 1, 2], 1)
      writePng(
        join(root, 'two', `${name}.png`),
        Array.from({ length: 600 }, (_, i) => (i * 7) % 251),
        3,
      )
    }
    const { project } = await inspected(root)
    expect([project.dataset.images, project.dataset.masks]).toEqual(['two', 'one'])
  })

  it('says what it looked for where there is no data set', async () => {
    expect(await messageOf(async () => inspectFolder({ root: temporaryFolder() }))).toContain('--images')
  })
})
