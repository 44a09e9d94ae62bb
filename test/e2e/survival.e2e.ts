import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hostPrograms } from '../../scripts/hostCache.mjs'
import { sampleProject } from '../../scripts/sampleProject.mjs'
import type { RunEvent } from '../../src/protocol/events.ts'
import { builtVsix } from '../hostKit/builtVsix.ts'
import { Host } from '../hostKit/host.ts'
import { until } from '../hostKit/until.ts'

// FOLDWISE_SURVIVAL=full: what the product promises, about ten minutes. Otherwise the same with fewer disturbances.
const { reloads, crashes, epochs } =
  process.env['FOLDWISE_SURVIVAL'] === 'full'
    ? { reloads: 20, crashes: 5, epochs: 60 }
    : { reloads: 2, crashes: 2, epochs: 10 }
const run = 'baseline.f0.s0'
const minutes = 60_000

function projectToTrain(name: string): string {
  const folder = sampleProject(name)
  const experiment = join(folder, 'foldwise/experiments/baseline.jsonc')
  writeFileSync(experiment, readFileSync(experiment, 'utf8').replace(/"epochs": \d+/, `"epochs": ${epochs}`))
  return folder
}

const eventsOf = (folder: string): readonly RunEvent[] =>
  readFileSync(join(folder, 'foldwise/runs', run, 'events.ndjson'), 'utf8')
    .split('\n')
    .filter((line) => line.endsWith('}'))
    .map((line) => JSON.parse(line) as RunEvent)

/** What no two runs share: clock and memory, and whether a self-test had passed before. */
const passing = new Set(['time', 'imagesPerSecond', 'dataWaitMs', 'seconds', 'rssBytes', 'message'])

const lasting = (event: RunEvent): unknown =>
  Object.fromEntries(Object.entries(event).filter(([key]) => !passing.has(key)))

const checkpoint = (folder: string, kind: 'best' | 'last'): Buffer =>
  readFileSync(join(folder, 'foldwise/runs', run, `checkpoints/${kind}.safetensors`))

/** Crashes spread evenly between reloads. */
function disturbances(): readonly ('reload' | 'crash')[] {
  const every = Math.ceil(reloads / crashes)
  return Array.from({ length: reloads }, (_, index): readonly ('reload' | 'crash')[] =>
    (index + 1) % every === 0 ? ['reload', 'crash'] : ['reload'],
  ).flat()
}

describe(`a training under ${reloads} reloads and ${crashes} crashes of the extension host`, () => {
  const folder = projectToTrain('survival')
  let host: Host

  beforeAll(async () => {
    host = await Host.start({ vsix: builtVsix(), workspace: folder })
    await host.page.locator('.activitybar a[aria-label^="Foldwise"]').click()
    await host.runCommand('Foldwise: Train Fold…')
    await host.pick('baseline')
    await host.pick('Fold 0')
    await host.pick('The experiment')
    await isShown('the start')
    await host.runCommand('Foldwise: Open Curves')
    await host.pickerItems()
    await host.page.keyboard.press('Enter')
    await host.webview('foldwise-curves')
  })
  afterAll(async () => {
    await host.stop()
  })

  async function isShown(after: string): Promise<void> {
    await until(
      `${run} in the status bar after ${after}`,
      async () => (await host.statusBar()).some((text) => text.includes(run)),
      60,
    )
  }

  it(
    'is shown again after each',
    async () => {
      for (const [index, what] of disturbances().entries()) {
        if (what === 'reload') await host.reload()
        else await host.crashExtensionHost()
        await isShown(`${what}, number ${index + 1}`)
        expect(
          eventsOf(folder).map(({ type }) => type),
          'the training is too short for its disturbances',
        ).not.toContain('finished')
      }
    },
    20 * minutes,
  )

  it(
    'ends trained, and the curves have every step',
    async () => {
      await until(
        'the end',
        async () => (await host.notifications()).some(({ message }) => message.includes(`${run} is trained`)),
        600,
      )
      const steps = eventsOf(folder).filter(({ type }) => type === 'step').length
      const view = await host.webview('foldwise-curves')
      await view.getByRole('radio', { name: 'Table' }).click()
      await view.getByRole('radio', { name: 'Steps' }).click()
      await view.getByText(`of ${steps}`).first().waitFor()
      await host.screenshot('survival-table')
      // Windows that were reloaded while they were still loading say so themselves.
      expect(host.errors().filter((error) => !/Webview\.loadLocalResource|Canceled/.test(error))).toEqual([])
    },
    12 * minutes,
  )

  it(
    'has the events and the weights of an undisturbed one, to the bit',
    async () => {
      await host.stop()
      const calm = projectToTrain('survival-undisturbed')
      const { status, stderr } = spawnSync(
        hostPrograms().node,
        [resolve('dist/cli.js'), 'train', 'baseline', '--fold', '0'],
        { encoding: 'utf8', cwd: calm },
      )
      expect(status, stderr).toBe(0)
      expect(eventsOf(folder).map(lasting)).toEqual(eventsOf(calm).map(lasting))
      for (const kind of ['best', 'last'] as const)
        expect(checkpoint(folder, kind).equals(checkpoint(calm, kind)), kind).toBe(true)
    },
    12 * minutes,
  )
})
