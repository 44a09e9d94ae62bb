import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { describeWithShared } from '../../shared.ts'
import { messageOf, temporaryFolder } from '../dataset.ts'
import { readAsInit } from './formats.ts'

interface Quirk {
  readonly id: string
  readonly images?: readonly {
    readonly image: string
    readonly class_pixels: Readonly<Record<string, number>>
    readonly class_pixels_labelTrainIds?: Readonly<Record<string, number>>
  }[]
}

describeWithShared('layouts of known data sets', 'data/format-quirks', (data) => {
  if (data === '') return
  const { quirks } = JSON.parse(readFileSync(join(data, 'expected.json'), 'utf8')) as { quirks: Quirk[] }
  const imagesOf = (id: string): NonNullable<Quirk['images']> => quirks.find((quirk) => quirk.id === id)!.images!
  /** 255 is what we call void. */
  const withVoid = (pixels: Readonly<Record<string, number>>): object =>
    Object.fromEntries(Object.entries(pixels).map(([id, count]) => [id === '255' ? 'void' : id, count]))
  const copyOf = (id: string): string => {
    const root = temporaryFolder()
    cpSync(join(data, id), root, { recursive: true })
    return root
  }

  it('PASCAL VOC: the listed images, borders ignored', async () => {
    const { project, perImage, paired } = await readAsInit(join(data, 'layout-voc'))
    expect(project.dataset).toMatchObject({ format: 'voc', images: 'JPEGImages', masks: 'SegmentationClass', ignore_index: 255 }) // prettier-ignore
    expect(paired.warnings).toEqual([])
    const wanted = imagesOf('layout-voc')
    expect(perImage).toEqual(Object.fromEntries(wanted.map(({ image, class_pixels: pixels }) => [image.replace('JPEGImages/', ''), withVoid(pixels)]))) // prettier-ignore
  })

  it('PASCAL VOC: names of classes from the lists of the classification task', async () => {
    const root = copyOf('layout-voc')
    mkdirSync(join(root, 'ImageSets', 'Main'))
    for (const name of ['square', 'disc']) writeFileSync(join(root, 'ImageSets', 'Main', `${name}_trainval.txt`), '')
    const { project } = await readAsInit(root)
    expect(project.dataset.classes.map(({ id, name }) => [id, name])).toEqual([[0, 'background'], [1, 'disc'], [2, 'square']]) // prettier-ignore
  })

  it('PASCAL VOC: a listed image that is not there is named with its list and line', async () => {
    const root = copyOf('layout-voc')
    writeFileSync(join(root, 'ImageSets', 'Segmentation', 'val.txt'), '2026_000003\n2026_000404\n')
    const message = await messageOf(() => readAsInit(root))
    expect(message).toContain('2026_000404')
    expect(message).toContain('val.txt:2')
  })

  it.each(['labelTrainIds', 'labelIds', 'color'])(
    'Cityscapes: %s become train ids, the city is the group',
    async (kind) => {
      const root = copyOf('layout-cityscapes')
      const others = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => /_gtFine_/.test(file) && !file.endsWith(`_${kind}.png`) && !file.endsWith('_instanceIds.png')) // prettier-ignore
      for (const file of others) rmSync(join(root, file))
      const { project, perImage, paired } = await readAsInit(root)
      expect(project.dataset).toMatchObject({ format: 'cityscapes', images: 'leftImg8bit', masks: 'gtFine' })
      expect(project.split).toMatchObject({ method: 'GroupKFold', group: { pattern: '^[^/]+/([^/]+)/' } })
      expect(paired.rule).toContain(`_gtFine_${kind}`)
      const wanted = imagesOf('layout-cityscapes').map(({ image, class_pixels_labelTrainIds: pixels }) => [image.replace('leftImg8bit/', ''), withVoid(pixels!)]) // prettier-ignore
      expect(perImage).toEqual(Object.fromEntries(wanted))
    },
  )
})
