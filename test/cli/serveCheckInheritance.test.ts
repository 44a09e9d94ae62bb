import { symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Problem } from '../../src/protocol/questions.ts'
import { experimentFile, temporaryFolder, tinyProject, writeExperiment } from './project.ts'
import { ServeClient } from './serveClient.ts'
import { expectProblems } from './serveProblems.ts'

describe('check of an experiment that extends another', () => {
  async function problemsOf(parents: Readonly<Record<string, object | string>>, text: string): Promise<Problem[]> {
    const project = await tinyProject()
    for (const [name, content] of Object.entries(parents)) writeExperiment(project, name, content)
    const file = experimentFile(project, 'mine')
    return (await new ServeClient().ask<'check'>({ type: 'check', file, text })).problems
  }

  it("reports the parent's mistakes at extends, with the parent's file and line", async () => {
    const text = '{ "extends": "base" }'
    const problems = await problemsOf({ base: '{\n  "train": {\n    "epochs": 0\n  }\n}' }, text)
    expectProblems(problems, {
      text,
      problems: [{ marks: '"base"', code: 'inherited', says: 'foldwise/experiments/base.jsonc:3' }],
    })
  })

  it('is silent about a mistake that it replaces', async () => {
    const base = { train: { epochs: 0 } }
    expect(await problemsOf({ base }, '{ "extends": "base", "train": { "epochs": 1 } }')).toEqual([])
  })

  it('marks what its own list gets wrong, and extends for another list', async () => {
    const text = '{ "extends": "base", "loss": [{ "weight": 2 }] }'
    const base = { loss: [{ name: 'Dice' }], augment: [{ name: 'HorizontalFlip', p: 2 }] }
    expectProblems(await problemsOf({ base }, text), {
      text,
      problems: [
        { marks: '"base"', code: 'inherited', says: 'at most 1' },
        { marks: '{', code: 'schema', says: '"name" is missing' },
      ],
    })
  })

  it('marks the own value that does not go with an inherited one', async () => {
    const base =
      '{\n  "model": {\n    "encoder_name": "timm-efficientnet-b0", "encoder_weights": "noisy-student"\n  }\n}'
    const text = '{ "extends": "base", "model": { "encoder_name": "efficientnet-b0" } }'
    expectProblems(await problemsOf({ base }, text), {
      text,
      problems: [
        {
          marks: '"efficientnet-b0"',
          code: 'unknown-weights',
          says: 'foldwise/experiments/base.jsonc:3',
          replacements: ['"timm-efficientnet-b0"'],
        },
      ],
    })
  })

  it('tells an argument of another method from one that does not exist', async () => {
    const text = '{ "extends": "base", "optimizer": { "betas": [0.9, 0.99], "momentun": 0.9 } }'
    expectProblems(await problemsOf({ base: { optimizer: { name: 'SGD' } } }, text), {
      text,
      problems: [
        { marks: '"betas"', code: 'unknown-argument', says: 'SGD, which is inherited' },
        { marks: '"momentun"', code: 'schema', replacements: ['"momentum"'] },
      ],
    })
  })

  it('whose file is broken, or extends in a circle', async () => {
    const text = '{ "extends": "base" }'
    expectProblems(await problemsOf({ base: '{\n  "train": }' }, text), {
      text,
      problems: [{ marks: '"base"', code: 'broken-parent', says: 'foldwise/experiments/base.jsonc:2' }],
    })
    expectProblems(await problemsOf({ base: { extends: 'other' }, other: { extends: 'base' } }, text), {
      text,
      problems: [{ marks: '"base"', code: 'extends-cycle', says: 'base → other → base' }],
    })
    expectProblems(await problemsOf({ base: { extends: 'none' } }, text), {
      text,
      problems: [{ marks: '"base"', code: 'broken-parent', says: 'there is no experiment "none"' }],
    })
  })

  it('takes the text of the editor, not what was saved', async () => {
    const text = '{ "extends": "base" }'
    const saved = { base: { extends: 'mine' } }
    for (const mine of ['{}', '{ broken'])
      expectProblems(await problemsOf({ ...saved, mine }, text), {
        text,
        problems: [{ marks: '"base"', code: 'extends-cycle', says: 'mine → base → mine' }],
      })
    expect(await problemsOf({ base: {}, mine: { train: { epochs: 0 } } }, text)).toEqual([])
  })

  it('does not follow a link out of the workspace', async () => {
    const project = await tinyProject()
    const outside = join(temporaryFolder(), 'secret.jsonc')
    writeFileSync(outside, '{ "secret": 1 }')
    symlinkSync(outside, experimentFile(project, 'base'))
    const question = { type: 'check', file: experimentFile(project, 'mine'), text: '{ "extends": "base" }' } as const
    const { problems } = await new ServeClient().ask<'check'>(question)
    expect(problems).toMatchObject([{ code: 'broken-parent' }])
    expect(problems[0].message).toContain('leads out of the workspace')
    expect(problems[0].message).not.toContain('secret"')
  })
})
