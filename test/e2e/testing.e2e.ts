import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { sampleProject } from '../../scripts/sampleProject.mjs'
import { debugChecks } from '../../src/protocol/debugChecks.ts'
import type { RunEvent } from '../../src/protocol/events.ts'
import { Host } from '../hostKit/host.ts'
import { until } from '../hostKit/until.ts'

// Debug runs in the Testing view, on images so small that a check takes seconds.
let host: Host
let folder: string

const titles = debugChecks.map(({ title }) => title)
type State = 'unset' | 'queued' | 'running' | 'passed' | 'failed' | 'skipped' | 'errored'

beforeAll(async () => {
  folder = sampleProject('testing')
  replaceIn('foldwise/experiments/baseline.jsonc', '"image_size": null', '"image_size": [64, 64]')
  replaceIn('foldwise/project.jsonc', '"samples": 64, "epochs": 2', '"samples": 16, "epochs": 1')
  // A learning rate with which nothing can be learnt; and so slowly that there is time to stop it.
  const stuck = '{ "extends": "baseline", "optimizer": { "lr": 1e-12 } }\n'
  const slow = '{ "extends": "stuck", "data": { "image_size": [160, 160] } }\n'
  for (const [name, text] of Object.entries({ stuck, slow }))
    writeFileSync(join(folder, 'foldwise/experiments', `${name}.jsonc`), text)
  host = await Host.start({ extension: process.cwd(), workspace: folder })
  await host.page.locator('.activitybar a[aria-label^="Testing"]').click()
})
afterAll(async () => {
  await host.stop()
})
afterEach(() => {
  expect(host.errors()).toEqual([])
})

function replaceIn(path: string, from: string, to: string): void {
  const text = readFileSync(join(folder, path), 'utf8')
  if (!text.includes(from)) throw new Error(`${path} has no ${from}`)
  writeFileSync(join(folder, path), text.replace(from, to))
}

/** A row of the view. The checks of all experiments have the same titles: those of one are open at a time. */
function row(label: string): Locator {
  return host.page.locator(`.test-explorer .monaco-list-row:has(.label:text-is("${label}"))`).first()
}

async function labels(level: number): Promise<readonly string[]> {
  const rows = host.page.locator(`.test-explorer .monaco-list-row[aria-level="${level}"] .label`)
  return rows.evaluateAll((all) => all.map((each) => each.firstChild?.textContent?.trim() ?? ''))
}

/** Opens the checks of this experiment and closes those of the others. */
async function expand(experiment: string): Promise<void> {
  const rows = host.page.locator('.test-explorer .monaco-list-row[aria-level="1"]')
  await until(`the checks of ${experiment}`, async () => {
    for (let index = 0; index < (await rows.count()); index++) {
      const each = rows.nth(index)
      const isMeant = (await each.innerText()).startsWith(experiment)
      if (((await each.getAttribute('aria-expanded')) === 'true') !== isMeant)
        await each.locator('.monaco-tl-twistie').click()
    }
    return (await labels(2)).length === titles.length
  })
}

/** By its icon: what the row says to a screen reader, VS Code does not keep up to date. */
async function stateOf(label: string): Promise<State> {
  const icon = (await row(label).locator('.computed-state').getAttribute('class')) ?? ''
  if (icon.includes('codicon-loading')) return 'running'
  return (/codicon-testing-(\w+)-icon/.exec(icon)?.[1] ?? 'unset').replace('error', 'errored') as State
}

async function untilState(label: string, state: State, seconds = 60): Promise<void> {
  let last: State | undefined
  await until(
    () => `${label}: ${state}; it is ${last ?? 'not there'}`,
    async () => (last = await stateOf(label)) === state,
    seconds,
  )
}

async function runTest(label: string): Promise<void> {
  await row(label).hover()
  await row(label).locator('.action-label.codicon-testing-run-icon').first().click()
}

/** Verdicts of the last debug run of an experiment, by the title of the check. */
function verdictsOf(experiment: string): ReadonlyMap<string, string> {
  const runs = join(folder, 'foldwise/runs')
  const [last] = readdirSync(runs)
    .filter((name) => name.startsWith(`${experiment}-debug.`))
    .sort()
    .slice(-1)
  const events = readFileSync(join(runs, last, 'events.ndjson'), 'utf8')
    .trim()
    .split('\n')
  return new Map(
    events.flatMap((line) => {
      const event = JSON.parse(line) as RunEvent
      return event.type === 'check' ? [[event.name, event.verdict] as const] : []
    }),
  )
}

describe('the Testing view', () => {
  it('lists the experiments with the five checks, in the order in which they run', async () => {
    await until('the experiments', async () => (await labels(1)).join() === 'baseline,slow,stuck')
    await expand('stuck')
    expect(await labels(2)).toEqual(titles)
    for (const title of titles) expect(await stateOf(title)).toBe('unset')
  })

  it('runs one check, and another of the same experiment after it', async () => {
    await runTest('one batch can be overfitted')
    await untilState('one batch can be overfitted', 'running')
    await runTest('gradients finite')
    await untilState('gradients finite', 'queued')
    await untilState('one batch can be overfitted', 'failed')
    await untilState('gradients finite', 'passed')
    await untilState('stuck', 'failed')
    for (const title of ['loss falls', 'resume round trip', 'same seed same bits'])
      expect(await stateOf(title)).toBe('unset')
  })

  it('shows why a check failed: in the experiment, with the picture and the curve', async () => {
    await row('one batch can be overfitted').click()
    await host.page.locator('.tab.active[data-resource-name="stuck.jsonc"]').waitFor()
    const peek = host.page.locator('.zone-widget .test-output-peek-message-container')
    await peek.getByText('which should at least halve it: try another learning rate (it is 1e-12)').waitFor()
    const widths = await until('two pictures', async () => {
      const loaded = await peek
        .locator('img')
        .evaluateAll((images) => images.map((image) => (image as HTMLImageElement).naturalWidth))
      return loaded.length === 2 && loaded.every((width) => width > 0) && loaded
    })
    // Image, mask, prediction and errors side by side; the curve.
    expect(widths[0]).toBeGreaterThan(4 * 64)
    await host.screenshot('testing-failed')
    await host.page.keyboard.press('Escape')
  })

  it('ends what waits when the queue is cleared, and what runs when it is stopped', async () => {
    await expand('slow')
    await runTest('one batch can be overfitted')
    await untilState('one batch can be overfitted', 'running')
    await runTest('resume round trip')
    await untilState('resume round trip', 'queued')
    await host.runCommand('Foldwise: Stop Training')
    await host.pick('Stop and Clear the Queue')
    await untilState('resume round trip', 'skipped')
    await untilState('one batch can be overfitted', 'skipped')
  })

  it('cancels a debug run, with the checks that have not begun', async () => {
    await runTest('slow')
    await untilState('slow', 'running')
    await host.runCommand('Test: Cancel Test Run')
    await untilState('same seed same bits', 'skipped')
    await until('no trainer', () => host.processes().every(({ command }) => !/cli\.js debug/.test(command)))
  })

  it('shows what the lens Debug Run began, check by check', async () => {
    await expand('baseline')
    await host.openFile('foldwise/experiments/baseline.jsonc')
    await host.page.locator('.codelens-decoration a', { hasText: 'Debug Run' }).click()
    await untilState('baseline', 'running')
    await host.screenshot('testing-running')
    await until('the last verdict', () => verdictsOf('baseline').size === titles.length, 90)
    const states = { pass: 'passed', fail: 'failed', unclear: 'skipped' } as const
    for (const [title, verdict] of verdictsOf('baseline'))
      await untilState(title, states[verdict as keyof typeof states])
    expect(await stateOf('gradients finite')).toBe('passed')
    await host.screenshot('testing-debug-run')
  })
})
