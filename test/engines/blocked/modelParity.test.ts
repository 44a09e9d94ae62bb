import { describe, expect, it } from 'vitest'
import { isImplemented, type ModelEntry } from '../../model/modelParity.ts'
import { lowerings } from '../../parity/lowerings.ts'
import { checkModelRows, readModels } from '../../parity/models.ts'
import { describeWithFixtures } from '../../shared.ts'

/** One network of every family of encoders (resnet18, resnet34, … are one), that with the fewest tensors. */
function smallestOfFamilies(index: Readonly<Record<string, ModelEntry & { readonly tensors: number }>>): string[] {
  const families = new Map<string, string>()
  for (const [name, entry] of Object.entries(index)) {
    if (!isImplemented(entry)) continue
    const family = entry.encoder_name.replace(/\d.*$/, '')
    const known = families.get(family)
    if (known === undefined || entry.tensors < index[known].tensors) families.set(family, name)
  }
  return [...families.values()]
}

const blocked = (await lowerings()).find(({ name }) => name !== 'plain')

if (blocked === undefined)
  describe.skip('blocked networks [skipped: this CPU has no blocked kernels]', () => {
    it('needs them', () => undefined)
  })
else
  // All networks take minutes: they are for `npm run parity`.
  describeWithFixtures(`${blocked.name} networks against segmentation_models_pytorch`, 'models', (folder) => {
    it.each(smallestOfFamilies(readModels(folder)))('%s', async (name) => {
      const rows = await checkModelRows(folder, name, blocked)
      expect(rows.length).toBeGreaterThan(0)
      expect(rows.filter(({ verdict }) => verdict !== 'ok')).toEqual([])
    })
  })
