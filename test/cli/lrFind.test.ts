import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { foldwise, recordIn } from './program.ts'
import { tinyProject, writeExperiment } from './project.ts'

describe('lr-find', () => {
  it('tells every step, suggests a rate where there is one, and writes nothing', async () => {
    const project = await tinyProject()
    writeExperiment(project, 'wide', { extends: 'tiny', optimizer: { name: 'AdamP', encoder_lr_factor: 0.5 } })
    const files = (): readonly string[] => readdirSync(project, { recursive: true }).map(String).sort()
    const before = files()
    const words = ['lr-find', 'wide', '--fold', '1', '--steps', '24', '--max', '1', '--project', project]
    const { code, stdout } = await foldwise([...words, '--json', '--page'])
    expect(code).toBe(0)
    expect(files()).toEqual(before)

    const records = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; lr: number; loss: number })
    const steps = records.filter(({ type }) => type === 'lr-find-step')
    const outcome = recordIn(stdout, 'lr-find') as Record<string, unknown>
    expect(outcome).toMatchObject({ experiment: 'wide', fold: 1, seed: 0, lr: 0.001, steps: steps.length })
    expect(steps[0].lr).toBe(1e-7)
    if (outcome['isDiverged'] === false) expect(steps.at(-1)!.lr).toBeCloseTo(1, 9)
    const rates = steps.map(({ lr }) => lr)
    expect(rates).toEqual(rates.toSorted((a, b) => a - b))
    expect([null, ...rates]).toContain(outcome['suggested'])
    const { html } = recordIn(stdout, 'page') as { readonly html: string }
    expect(html).toContain('<svg')
    expect(html).not.toContain('<script')
  })

  it('draws the same as a table, and refuses a range that does not rise', async () => {
    const project = await tinyProject()
    const words = ['lr-find', 'tiny', '--steps', '20', '--project', project]
    const { code, stdout } = await foldwise(words)
    expect(code).toBe(0)
    expect(stdout).toMatch(/^tiny, fold 0: Adam$/m)
    expect(stdout).toMatch(/^learning rate +loss +averaged$/m)
    expect(stdout).toMatch(/^ +1\.00e-7 +\d\.\d{4} +\d\.\d{4} +█+/m)
    expect(stdout).toMatch(/fell (steepest|nowhere)/)
    expect(await foldwise([...words, '--min', '1', '--max', '0.1'])).toMatchObject({ code: 2 })
    expect(await foldwise([...words, '--min', '0'])).toMatchObject({ code: 2 })
  })
})
