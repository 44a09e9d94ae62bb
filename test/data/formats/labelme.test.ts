import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { describeWithShared } from '../../shared.ts'
import { messageOf } from '../dataset.ts'
import { readAsInit } from './formats.ts'

interface Quirk {
  readonly id: string
  readonly tolerance?: number
  readonly images?: readonly { readonly image: string; readonly class_pixels: Readonly<Record<string, number>> }[]
}

describeWithShared('LabelMe', 'data/format-quirks', (data) => {
  if (data === '') return
  const { quirks } = JSON.parse(readFileSync(join(data, 'expected.json'), 'utf8')) as { quirks: Quirk[] }

  it.each(['labelme-json', 'labelme-windows-path'])(
    '%s: polygon, circle and rectangle; a point is left out',
    async (id) => {
      const quirk = quirks.find((each) => each.id === id)!
      const { project, all, paired } = await readAsInit(join(data, id))
      expect(project.dataset.format).toBe('labelme')
      expect(paired.warnings.join()).toContain('1.json: the point "note" covers no area')
      const named = Object.fromEntries(project.dataset.classes.map(({ id: value, name }) => [name, all[String(value)]]))
      // The quirk numbers its classes background, square, disc; labels are numbered by name here.
      const [{ class_pixels: wanted }] = quirk.images!
      for (const [value, name] of ['background', 'square', 'disc'].entries())
      expect(Math.abs(named[name] - wanted[String(value)]) / wanted[String(value)], name).toBeLessThanOrEqual(quirk.tolerance!) // prettier-ignore
      expect(named['square']).toBe(wanted['1'])
    },
  )

  it('never opens an image outside the data set, and names the annotation', async () => {
    const root = join(data, 'labelme-path-traversal')
    const message = await messageOf(() => readAsInit(root, 'labelme', { images: 'images', masks: 'ann' }))
    expect(message).toContain('ann/1.json')
    expect(message).toContain('leads out of images')
  })
})
