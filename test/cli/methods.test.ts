import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { methodKinds } from '../../src/cli/methods.ts'
import { methodsMarkdown } from '../../src/cli/output/methodsMarkdown.ts'
import { foldwise, recordIn } from './program.ts'

describe('docs/METHODS.md', () => {
  it('says what is declared: after a change, node dist/cli.js methods --markdown > docs/METHODS.md', () => {
    expect(readFileSync('docs/METHODS.md', 'utf8')).toBe(methodsMarkdown())
  })

  it.each(methodKinds)('has every $kind with every argument', ({ registry }) => {
    const text = methodsMarkdown()
    for (const { name, arguments: schema } of registry.all) {
      expect(text).toContain(name)
      for (const argument of Object.keys(schema.shape)) expect(text).toContain(`- \`${argument}\``)
    }
  })
})

describe('methods', () => {
  it('explains one by its name', async () => {
    const { code, stdout } = await foldwise(['methods', 'CosineAnnealingLR'])
    expect(code).toBe(0)
    expect(stdout).toContain('- `eta_min`: Lowest learning rate.')
  })

  it('gives the schema of its arguments to programs', async () => {
    const { stdout } = await foldwise(['methods', 'DiceLoss', '--json'])
    expect(recordIn(stdout, 'method')).toMatchObject({
      kind: 'loss',
      name: 'DiceLoss',
      arguments: { properties: { smooth: { type: 'number' } } },
    })
  })

  it('offers the nearest name for an unknown one', async () => {
    const { code, stderr } = await foldwise(['methods', 'DiceLos'])
    expect(code).toBe(2)
    expect(stderr).toContain('Did you mean "DiceLoss"?')
  })
})
