import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { encode } from 'fast-png'
import { describe, expect, it } from 'vitest'
import { describeWithShared } from '../../shared.ts'
import { messageOf, temporaryFolder } from '../dataset.ts'
import { readAsInit } from './formats.ts'

interface Expected {
  readonly all: { readonly images: number; readonly class_pixels: Readonly<Record<string, number>> }
  readonly per_image: Readonly<Record<string, { readonly nucleus_pixels: number }>>
}

describeWithShared('Data Science Bowl 2018', 'data/dsb2018-nuclei', (root) => {
  if (root === '') return
  const wanted = JSON.parse(readFileSync(join(root, '..', 'expected', 'dsb2018-nuclei.json'), 'utf8')) as Expected

  it.each(['rle_csv', 'instance_folders'] as const)('read as %s: every nucleus pixel', async (format) => {
    const { all, perImage, project, paired } = await readAsInit(root, format)
    expect(project.dataset).toMatchObject({ format, images: 'stage1_train' })
    expect(project.dataset.classes.map(({ name }) => name)).toEqual(['background', 'nucleus'])
    expect(paired.pairs).toHaveLength(wanted.all.images)
    expect(all).toEqual(wanted.all.class_pixels)
    for (const [id, { nucleus_pixels: pixels }] of Object.entries(wanted.per_image))
      expect(perImage[`${id}/images/${id}.png`]['1'], id).toBe(pixels)
  })
})

function picture(path: string, value = 0): void {
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, encode({ width: 4, height: 3, channels: 1, data: new Uint8Array(12).fill(value) }))
}

describe('a table of run lengths', () => {
  const tableOf = (...lines: readonly string[]): string => {
    const root = temporaryFolder()
    for (const name of ['a', 'b']) picture(join(root, 'train', `${name}.png`))
    writeFileSync(join(root, 'train.csv'), ['ImageId,ClassId,EncodedPixels', ...lines].join('\n'))
    return root
  }

  it('takes classes by name, images with and without their ending, and lines without runs', async () => {
    const { perImage, project } = await readAsInit(tableOf('a.png,cat,1 2 4 1', 'a.png,dog,12 1', 'b,cat,'))
    expect(project.dataset.classes.map(({ id, name }) => [id, name])).toEqual([[0, 'background'], [1, 'cat'], [2, 'dog']]) // prettier-ignore
    expect(perImage).toEqual({ 'a.png': { 0: 8, 1: 3, 2: 1 }, 'b.png': { 0: 12 } })
  })

  it.each([
    ['a.png,1,13 1', 'annotation in line 2: run 1 ends at pixel 13, the image has 12'],
    ['a.png,1,0 1', 'annotation in line 2: run 1 is no start from 1'],
    ['a.png,1,1 2 3', 'annotation in line 2: a start has no length'],
    ['c.png,1,1 2', '1 image not found'],
  ])('refuses %s', async (line, words) => {
    const message = await messageOf(() => readAsInit(tableOf(line, 'b.png,1,1 1'), 'rle_csv'))
    expect(message).toContain(words)
    expect(message).toContain('train.csv')
  })
})

describe('folders of objects', () => {
  it('names the mask that has another size', async () => {
    const root = temporaryFolder()
    for (const name of ['a', 'b']) {
      picture(join(root, name, 'images', `${name}.png`))
      picture(join(root, name, 'masks', 'one.png'), 255)
    }
    writeFileSync(join(root, 'b', 'masks', 'two.png'), encode({ width: 3, height: 4, channels: 1, data: new Uint8Array(12) })) // prettier-ignore
    const message = await messageOf(() => readAsInit(root))
    expect(message).toContain('b/masks/two.png: it has 3x4 pixels (width x height), the image 4x3')
  })
})
