import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { countClassPixels } from '../../src/data/classPixels.ts'
import { pairFolders } from '../../src/data/folders.ts'
import { describeWithShared } from '../shared.ts'
import { messageOf, rulesOf, temporaryFolder, type SharedClass } from './dataset.ts'

interface Expected {
  readonly ignore_index: number
  readonly splits: Readonly<
    Record<string, { readonly images: number; readonly class_pixels: Counts; readonly class_images: Counts }>
  >
}
type Counts = Readonly<Record<string, number>>

describeWithShared('countClassPixels', 'data', (data) => {
  if (data === '') return
  const { classes, ignore_index: ignored } = JSON.parse(readFileSync(join(data, 'camvid', 'classes.json'), 'utf8')) as {
    classes: SharedClass[]
    ignore_index: number
  }
  const { splits } = JSON.parse(readFileSync(join(data, 'expected', 'camvid.json'), 'utf8')) as Expected
  const rules = rulesOf(classes, ignored)

  it.each(Object.keys(splits))('counts the pixels and masks of every class: %s', async (split) => {
    const { pairs } = await pairFolders({ root: join(data, 'camvid'), images: split, masks: `${split}annot` })
    const found = await countClassPixels(pairs.map(({ mask }) => mask), rules) // prettier-ignore
    const wanted = splits[split]
    expect(found.perMask.length).toBe(wanted.images)
    expect(found.pixels).toEqual(rules.classes.ids.map((id) => wanted.class_pixels[id]))
    expect(found.masks).toEqual(rules.classes.ids.map((id) => wanted.class_images[id]))
    expect(found.ignored).toBe(wanted.class_pixels[ignored])
    expect(found.perMask.reduce((sum, { pixels }) => sum + pixels[0], 0)).toBe(found.pixels[0])
    expect(found.warnings).toEqual([])
  })
})

it('lists every mask that cannot be used at once', async () => {
  const folder = temporaryFolder()
  const paths = ['a', 'b', 'c'].map((name) => join(folder, `${name}.png`))
  for (const path of paths) writeFileSync(path, path.endsWith('b.png') ? '' : 'text')
  const message = await messageOf(async () => countClassPixels(paths, rulesOf([{ id: 0, name: 'sky' }], null)))
  for (const path of paths) expect(message).toContain(path)
  expect(message).toContain('0 bytes')
})
