import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { foldwise } from './program.ts'
import { eventsOf, tiny, tinyProject, writeExperiment } from './project.ts'
import { RunFolder } from '../../src/runs/runFolder.ts'
import { openWorkspace } from '../../src/runs/workspace.ts'

/** 18 images of 4096 × 4096 at once: hundreds of gigabytes. */
const tooLarge = { ...tiny, data: { image_size: [4096, 4096], batch_size: 18 } }

describe('a run that needs more memory than there is', () => {
  for (const verb of [
    ['train', 'tiny', '--fold', '0'],
    ['debug', 'tiny'],
    ['bench', 'tiny'],
  ])
    it(`${verb[0]} is refused before anything exists, with what would fit`, async () => {
      const project = await tinyProject()
      writeExperiment(project, 'tiny', tooLarge)
      const { code, stderr } = await foldwise([...verb, '--project', project])
      expect(stderr).toMatch(/This run needs about \d+ GiB of memory, and .* (are free|leaves it .*)\./)
      expect(stderr).toMatch(
        /to do: {3}(Use data\.batch_size \d+ with data\.accumulate_grad_batches|Not even one image)/,
      )
      expect(code).toBe(1)
      expect(existsSync(join(project, 'foldwise/runs'))).toBe(false)
    })
})

describe('a run that computes activations again', () => {
  it('says what that saves, and in a bench what it costs', async () => {
    const project = await tinyProject()
    writeExperiment(project, 'tiny', { ...tiny, train: { checkpoint_activations: true } })
    const { stdout } = await foldwise(['bench', 'tiny', '--steps', '2', '--project', project])
    expect(stdout).toMatch(/^memory +\d+ MiB at most \(estimated before: \d+ MiB\)$/m)
    expect(stdout).toMatch(
      /about \d+ MiB less by computing activations again; a step that keeps them takes \d.* ms \(price: -?\d+ %\)/,
    )
  })
})

describe('a run that fits', () => {
  it('says what it needs, and records it', async () => {
    const project = await tinyProject()
    writeExperiment(project, 'tiny', { ...tiny, train: { epochs: 1 } })
    const { code, stderr, stdout } = await foldwise(['train', 'tiny', '--fold', '0', '--project', project, '--json'])
    expect(code, stderr).toBe(0)
    const run = /"run":"([^"]+)"/.exec(stdout)![1]
    const messages = eventsOf(project, run).flatMap((event) => (event.type === 'phase' ? [event.message] : []))
    expect(messages).toContainEqual(expect.stringMatching(/^needs about \d+ MiB of memory, .* are free$/))
    const { memory } = RunFolder.open(openWorkspace(project), run).readRecord()
    expect(memory!.neededBytes).toBeGreaterThan(200 * 2 ** 20)
    expect(memory!.availableBytes).toBeGreaterThan(memory!.neededBytes)
  })
})
