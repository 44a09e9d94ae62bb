import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readMaskPixels } from '../../../src/data/maskPixels.ts'
import { readMask } from '../../../src/data/masks/readMask.ts'
import { defaultPixelLimit } from '../../../src/data/readSize.ts'
import { describeWithShared } from '../../shared.ts'
import { messageOf } from '../dataset.ts'
import { readAsInit } from './formats.ts'

interface Expected {
  readonly all: { readonly images: number; readonly class_pixels: Readonly<Record<string, number>> }
  readonly per_image: Readonly<Record<string, { readonly class_pixels: Readonly<Record<string, number>> }>>
}

describeWithShared('COCO', 'data', (data) => {
  if (data === '') return
  const expectedOf = (name: string): Expected =>
    JSON.parse(readFileSync(join(data, 'expected', `${name}.json`), 'utf8')) as Expected

  it('polygons: every pixel of every class as pycocotools draws them', async () => {
    const wanted = expectedOf('fruits-nuts-coco')
    const { all, perImage, project, paired } = await readAsInit(join(data, 'fruits-nuts-coco'))
    expect(project.dataset).toMatchObject({ format: 'coco', images: 'images', masks: 'trainval.json', unlabelled: 0 })
    expect(project.dataset.classes.map(({ id }) => String(id))).toEqual(Object.keys(wanted.all.class_pixels))
    expect(paired.pairs).toHaveLength(wanted.all.images)
    expect(all).toEqual(wanted.all.class_pixels)
    for (const [name, { class_pixels: pixels }] of Object.entries(wanted.per_image))
      expect(perImage[name], name).toEqual(pixels)
  })

  it.each(['coco_panoptic', 'coco'] as const)('the panoptic sample, read as %s', async (format) => {
    const wanted = expectedOf('coco-panoptic-sample')
    const { all, perImage, project } = await readAsInit(join(data, 'coco-panoptic-sample'), format)
    expect(project.dataset).toMatchObject({ format, images: 'input_images', unlabelled: 0 })
    // Objects of the detection file leave the background as a class; it is what the panoptic file calls void.
    const unlabelled = format === 'coco' ? '0' : 'void'
    const renamed = ({ void: none, ...rest }: Readonly<Record<string, number>>): object => ({ ...rest, [unlabelled]: none }) // prettier-ignore
    expect(all).toEqual(renamed(wanted.all.class_pixels))
    for (const [name, { class_pixels: pixels }] of Object.entries(wanted.per_image))
      expect(perImage[name.replace('.png', '.jpg')], name).toEqual(renamed(pixels))
  })

  it('is recognised in the panoptic sample without being named', async () => {
    const { project } = await readAsInit(join(data, 'coco-panoptic-sample'))
    expect(project.dataset).toMatchObject({ format: 'coco_panoptic', masks: 'panoptic_examples.json', ignore_index: 0 })
  })

  it.each(['coco-json', 'json-bom'])(
    '%s: run lengths of both kinds, a crowd and a polygon, pixel by pixel',
    async (name) => {
      const root = join(data, 'format-quirks', name)
      const { paired } = await readAsInit(root, undefined, { images: 'images', masks: 'instances.json' })
      for (const { name: image, mask } of paired.pairs) {
        const { values } = await readMask(mask, defaultPixelLimit)
        const reference = await readMaskPixels(join(root, 'reference-masks', image))
        expect([...values]).toEqual([...reference.values])
      }
    },
  )

  it('lists every fault with the id of its annotation', async () => {
    const message = await messageOf(() => readAsInit(join(data, 'format-quirks', 'coco-json-bad')))
    for (const id of [4, 5, 6, 7, 8, 10]) expect(message).toContain(`annotation ${id}:`)
    expect(message).toContain('missing.png')
    expect(message).toContain('image id 1 occurs twice')
    expect(message).toContain('instances.json')
  })

  it('names a file that ends in the middle', async () => {
    const message = await messageOf(() => readAsInit(join(data, 'format-quirks', 'json-cut')))
    expect(message).toContain('instances.json')
    expect(message).toContain('position 400')
  })

  it('TACO: says that its images are not there', async () => {
    const message = await messageOf(() => readAsInit(join(data, 'taco-annotations')))
    expect(message).toContain('none of the 1500 images')
  })
})
