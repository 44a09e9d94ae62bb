import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { UserError } from '../../src/core/errors.ts'
import { lowerPlain } from '../../src/engines/onnx/plain/lowerPlain.ts'
import { buildNetwork } from '../../src/model/network.ts'
import { checkModelRows } from '../parity/models.ts'
import { describeWithFixtures } from '../shared.ts'
import { configOf, isImplemented, type ModelEntry } from './modelParity.ts'

describeWithFixtures('networks against segmentation_models_pytorch', 'models', (folder) => {
  const index =
    folder === '' ? {} : (JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8')) as Record<string, ModelEntry>)
  const names = Object.keys(index)
  const implemented = names.filter((name) => isImplemented(index[name]))

  describe.each(implemented)('%s', (name) => {
    it('has the same state dict, outputs, loss, gradients and running statistics', async () => {
      const rows = await checkModelRows(folder, name, { name: 'plain', lower: lowerPlain })
      expect(rows.length).toBeGreaterThan(0)
      expect(rows.filter(({ verdict }) => verdict !== 'ok')).toEqual([])
    })
  })

  const others = names.filter((name) => !isImplemented(index[name]))
  it.each(others)('%s is not implemented, and says so', (name) => {
    const options = { mode: 'inference', batch: 2, height: 64, width: 64, classes: 3 } as const
    expect(() => buildNetwork(configOf(index[name]), options)).toThrow(UserError)
  })
})
