import { describe, expect, it } from 'vitest'
import { tinyProject, writeExperiment } from './project.ts'
import { ServeClient } from './serveClient.ts'

function svgOf(markdown: string): string {
  const [, base64] = /data:image\/svg\+xml;base64,([^"]+)"/.exec(markdown)!
  return Buffer.from(base64, 'base64').toString('utf8')
}

describe('the picture of a schedule', () => {
  it('follows the text as it stands, merged with what it extends', async () => {
    const root = await tinyProject()
    writeExperiment(root, 'falling', { extends: 'tiny', scheduler: { name: 'StepLR', step_size: 1, gamma: 0.5 } })
    const client = new ServeClient()
    const saved = await client.ask<'schedule'>({ type: 'schedule', root, experiment: 'falling' })
    expect(saved.markdown).toContain('StepLR over 3 epochs of Adam: from 0.001 to 0.00025, at most 0.001.')
    expect(svgOf(saved.markdown)).toMatch(/^<svg .*<\/svg>$/)
    expect(saved.html).toContain('5.000e-4')

    const text = '{ "extends": "tiny", "optimizer": { "lr": 0.01 }, "scheduler": { "name": "constant" }, }'
    const typed = await client.ask<'schedule'>({ type: 'schedule', root, experiment: 'falling', text })
    expect(typed.markdown).toContain('constant over 3 epochs of Adam: from 0.01 to 0.01')
  })

  it('shows the momentum that OneCycleLR moves, and warm-ups', async () => {
    const root = await tinyProject()
    const client = new ServeClient()
    const ask = (scheduler: object) =>
      client.ask<'schedule'>({
        type: 'schedule',
        root,
        experiment: 'tiny',
        text: JSON.stringify({ train: { epochs: 10 }, scheduler }),
      })
    expect((await ask({ name: 'OneCycleLR', max_lr: 0.1 })).html).toContain('momentum')
    const warmup = { kind: 'linear', start_factor: 0.1, total_iters: 2 }
    const { html } = await ask({ name: 'constant', warmup })
    expect(html).toContain('1.000e-4')
    expect(html).not.toContain('momentum')
  })

  it('is not there where the text is not right', async () => {
    const root = await tinyProject()
    const client = new ServeClient()
    const text = '{ "scheduler": { "name": "StepLR" } }'
    await expect(client.ask<'schedule'>({ type: 'schedule', root, experiment: 'tiny', text })).rejects.toThrow()
  })
})
