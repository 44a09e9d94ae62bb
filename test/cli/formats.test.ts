import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { encode } from 'fast-png'
import { describe, expect, it } from 'vitest'
import { readProject } from '../../src/runs/project.ts'
import { openWorkspace } from '../../src/runs/workspace.ts'
import { eventsIn, foldwise } from './program.ts'
import { temporaryFolder, tiny, writeExperiment } from './project.ts'

const side = 32
const names = Array.from({ length: 6 }, (_, i) => `picture${i}`)

/** A bright square of 12 × 12 pixels that moves from image to image. */
const cornerOf = (index: number): number => 2 + 3 * index

function writePng(path: string, channels: 1 | 3, pixel: (x: number, y: number) => readonly number[]): void {
  const data = Array.from({ length: side * side }, (_, i) => pixel(i % side, Math.floor(i / side))).flat()
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, encode({ width: side, height: side, channels, data: Uint8Array.from(data) }))
}

function isInside(index: number, x: number, y: number): boolean {
  const corner = cornerOf(index)
  return x >= corner && x < corner + 12 && y >= corner && y < corner + 12
}

function writeImages(root: string, pathOf: (name: string) => string): void {
  for (const [index, name] of names.entries())
    writePng(join(root, pathOf(name)), 3, (x, y) => (isInside(index, x, y) ? [220, 200, 180] : [20, 30, 40]))
}

const squareShare = (12 * 12) / side ** 2

const cocoFrame = {
  images: names.map((name, id) => ({ id, file_name: `${name}.png`, width: side, height: side })),
  categories: [{ id: 7, name: 'square' }],
}

/** Data sets of one square per image, each in another format. */
const writers: Readonly<Record<string, (root: string) => void>> = {
  voc: (root) => {
    writeImages(root, (name) => `VOC2012/JPEGImages/${name}.png`)
    const folder = join(root, 'VOC2012', 'SegmentationClass')
    for (const [index, name] of names.entries())
      writePng(join(folder, `${name}.png`), 1, (x, y) => [isInside(index, x, y) ? 1 : 0])
    mkdirSync(join(root, 'VOC2012', 'ImageSets', 'Segmentation'), { recursive: true })
    writeFileSync(join(root, 'VOC2012', 'ImageSets', 'Segmentation', 'trainval.txt'), names.join('\r\n'))
  },
  cityscapes: (root) => {
    const scene = (name: string): string => `train/city${name.at(-1) ?? ''}/${name}`
    writeImages(root, (name) => `leftImg8bit/${scene(name)}_leftImg8bit.png`)
    for (const [index, name] of names.entries())
      writePng(join(root, 'gtFine', `${scene(name)}_gtFine_labelIds.png`), 1, (x, y) => [
        isInside(index, x, y) ? 26 : 7,
      ])
  },
  coco: (root) => {
    writeImages(root, (name) => `images/${name}.png`)
    const annotations = names.map((_, index) => {
      const [from, to] = [cornerOf(index), cornerOf(index) + 12]
      return { id: index, image_id: index, category_id: 7, segmentation: [[from, from, to, from, to, to, from, to]] }
    })
    writeFileSync(join(root, 'instances.json'), JSON.stringify({ ...cocoFrame, annotations }))
  },
  labelme: (root) => {
    writeImages(root, (name) => `${name}.png`)
    for (const [index, name] of names.entries()) {
      const [from, to] = [cornerOf(index), cornerOf(index) + 11]
      const shapes = [{ label: 'square', shape_type: 'rectangle', points: [[to, to], [from, from]] }] // prettier-ignore
      const sizes = { imageHeight: side, imageWidth: side }
      writeFileSync(join(root, `${name}.json`), JSON.stringify({ shapes, imagePath: `${name}.png`, imageData: null, ...sizes })) // prettier-ignore
    }
  },
  rle_csv: (root) => {
    writeImages(root, (name) => `train/${name}.png`)
    const lines = names.map((name, index) => `${name}.png,${runsOf(index)}`)
    writeFileSync(join(root, 'train.csv'), ['ImageId,EncodedPixels', ...lines].join('\n'))
  },
  instance_folders: (root) => {
    writeImages(root, (name) => `stage1/${name}/images/${name}.png`)
    for (const [index, name] of names.entries())
      for (const isUpper of [true, false])
        writePng(join(root, 'stage1', name, 'masks', `${isUpper ? 'upper' : 'lower'}.png`), 1, (x, y) => [
          isInside(index, x, y) && y < cornerOf(index) + 6 === isUpper ? 255 : 0,
        ])
  },
  coco_panoptic: (root) => {
    writeImages(root, (name) => `images/${name}.png`)
    const annotations = names.map((name, index) => ({
      image_id: index,
      file_name: `${name}.png`,
      segments_info: [
        { id: 5, category_id: 3 },
        { id: 1000, category_id: 7 },
      ],
    }))
    for (const [index, name] of names.entries())
      writePng(join(root, 'panoptic', `${name}.png`), 3, (x, y) => (isInside(index, x, y) ? [232, 3, 0] : [5, 0, 0]))
    const categories = [...cocoFrame.categories, { id: 3, name: 'ground' }]
    writeFileSync(join(root, 'panoptic.json'), JSON.stringify({ ...cocoFrame, categories, annotations }))
  },
}

/** Start and length of each column of the square, from 1. */
function runsOf(index: number): string {
  const corner = cornerOf(index)
  return Array.from({ length: 12 }, (_, i) => `${(corner + i) * side + corner + 1} 12`).join(' ')
}

describe.each(Object.entries(writers))('a data set in the format %s', (format, write) => {
  it('is recognised by init, split, trained and scored', async () => {
    const root = temporaryFolder()
    write(root)
    const { code, stdout, stderr } = await foldwise(['init', root, '--yes'])
    expect(code, stderr).toBe(0)
    const { dataset } = readProject(openWorkspace(root)).project
    expect(dataset.format).toBe(format)
    expect(dataset.classes).toHaveLength(format === 'cityscapes' ? 19 : 2)
    expect(stdout).toContain(`${(100 * squareShare).toFixed(1)} %`)
    const examined = await foldwise(['doctor', '--json'], { cwd: root })
    // 4 where a check did not hold: one square on a plain ground has near copies.
    expect([0, 4], examined.stderr).toContain(examined.code)
    writeExperiment(root, 'tiny', {
      ...tiny,
      train: { epochs: 1 },
      loss: [{ name: 'CrossEntropyLoss', class_weights: 'balanced' }],
    })
    const trained = await foldwise(['train', 'tiny', '--fold', '0', '--json'], { cwd: root })
    expect(trained.code, trained.stderr).toBe(0)
    expect(eventsIn(trained.stdout).map(({ type }) => type)).toContain('epoch')
  })
})
