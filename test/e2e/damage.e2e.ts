import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Frame } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { RunResult } from '../../src/protocol/runFolder.ts'
import { RunLock } from '../../src/runs/lock.ts'
import { baselineConfig } from '../extension/tree/configSample.ts'
import { epochEvent, startedEvent, stepEvent } from '../extension/curves/events.ts'
import { projectWithRuns } from '../extension/tree/manyRuns.ts'
import { Host } from '../hostKit/host.ts'
import { until } from '../hostKit/until.ts'
import { appendHistory, copyRun, eventLines, runFolder, trained, trainedProject, writeRun } from './madeRuns.ts'
import { openRun, openSidebar, rowIsGone, unfold, viewMessage } from './sidebar.ts'

const extension = process.cwd()
let host: Host
let folder: string

/** The steps of a run in the curves' table. */
async function shownSteps(view: Frame, run: string): Promise<readonly number[]> {
  return view
    .locator('foldwise-curves-table tbody tr', { hasText: run })
    .evaluateAll((rows) => rows.map((row) => Number(row.querySelectorAll('td')[0].textContent)))
}

async function asTableOfSteps(view: Frame): Promise<void> {
  await view.getByRole('radio', { name: 'Table' }).click()
  await view.getByRole('radio', { name: 'Steps' }).click()
}

const numbers = (last: number): readonly number[] => Array.from({ length: last }, (_, index) => index + 1)

async function nothingWentWrong(): Promise<void> {
  expect((await host.notifications()).map(({ message }) => message)).toEqual([])
  expect(host.errors()).toEqual([])
}

describe('files that break while they are shown', () => {
  beforeAll(async () => {
    folder = trainedProject('damage')
    host = await Host.start({ extension, workspace: folder, viewport: { width: 1600, height: 1000 } })
    await openSidebar(host)
    await host.treeRow('Experiments', ({ label }) => label === 'baseline')
  })
  afterEach(async () => {
    await host.runCommand('View: Close All Editors')
    // The history is short: what is looked for must be in sight.
    for (const run of readdirSync(join(folder, 'foldwise/runs')))
      if (run !== trained) rmSync(runFolder(folder, run), { recursive: true })
    await until('the trained run alone', async () => (await host.treeRows('History')).length === 2)
  })
  afterAll(async () => {
    await host.stop()
  })

  it('a run that is deleted leaves the tree, the curves and the overlay', async () => {
    const [run, living] = ['doomed.f0.s0', 'doomed.f1.s0']
    copyRun(folder, run)
    copyRun(folder, living)
    const lock = await RunLock.acquire(runFolder(folder, living))
    await openRun(host, living, 'Open Curves')
    await openRun(host, run, 'Open Curves')
    const curves = await host.webview('foldwise-curves')
    await curves.locator('foldwise-curves-legend', { hasText: run }).waitFor()
    await openRun(host, run, 'Open Overlay')
    await host.webview('foldwise-overlay')
    await host.runCommand('View: Move Editor into Next Group')
    await (await host.webview('foldwise-overlay')).locator('foldwise-pane canvas').nth(3).waitFor()
    await unfold(host, 'doomed')
    await unfold(host, 'Fold 0')
    await host.screenshot('damage-before-deletion')
    for (const each of [run, living]) rmSync(runFolder(folder, each), { recursive: true })
    lock.release()
    await rowIsGone(host, 'Experiments', 'doomed')
    await rowIsGone(host, 'History', run)
    await rowIsGone(host, 'History', living)
    await until('no training', async () => (await host.statusBar()).every((text) => !text.includes(living)))
    await (await host.webview('foldwise-overlay')).getByText(`${run} does not exist any more`).waitFor()
    const legend = (await host.webview('foldwise-curves')).locator('foldwise-curves-legend')
    await until('both deleted', async () => (await legend.getByText('deleted').count()) === 2)
    await host.screenshot('damage-deleted')
    await (await host.webview('foldwise-curves')).getByText('No run is shown.').waitFor()
    await nothingWentWrong()
  })

  it('torn and garbled events are left out, and a torn line counts once it is whole', async () => {
    const run = 'torn.f0.s0'
    const events = [
      startedEvent({
        run,
        experiment: 'torn',
        config: { ...baselineConfig, train: { ...baselineConfig.train, epochs: 2 } },
      }),
      { type: 'phase', phase: 'train' } as const,
      ...numbers(10).map((step) => stepEvent(step, 1)),
      epochEvent(1, { mIoU: 0.111 }),
      ...numbers(10).map((step) => stepEvent(10 + step, 2)),
      epochEvent(2, { mIoU: 0.222 }),
    ]
    const lines = eventLines(events).split(/(?<=\n)/)
    const [torn, ...later] = lines.slice(16)
    writeRun(folder, run, [...lines.slice(0, 7), '{"type":"st\u0000\ufffd, garbage]]\n', ...lines.slice(7, 16), torn.slice(0, 40)].join(''), true) // prettier-ignore
    const lock = await RunLock.acquire(runFolder(folder, run))
    await openRun(host, run, 'Open Curves')
    const curves = await host.webview('foldwise-curves')
    await asTableOfSteps(curves)
    await until('steps up to the torn one', async () => (await shownSteps(curves, run)).length === 13)
    expect(await shownSteps(curves, run)).toEqual(numbers(13))
    await host.treeRow('History', ({ label, description }) => label === run && description.includes('0.111'))
    appendHistory(folder, run, torn.slice(40))
    await until('the torn step', async () => (await shownSteps(curves, run)).length === 14)
    // As a slow disk gives them: cut anywhere.
    for (const piece of later.join('').match(/[^]{1,97}/g)!) {
      appendHistory(folder, run, piece)
      await sleep(20)
    }
    await until('all steps', async () => (await shownSteps(curves, run)).length >= 20)
    await host.treeRow('History', ({ label, description }) => label === run && description.includes('0.222'))
    await host.screenshot('damage-torn-events')
    appendHistory(folder, run, eventLines([{ type: 'stopped', epoch: 2, step: 20 }]))
    lock.release()
    await host.treeRow('History', ({ label, description }) => label === run && description.includes('stopped'))
    expect(await shownSteps(curves, run)).toEqual(numbers(20))
    await nothingWentWrong()
  })

  it('a run that is copied here file by file is whole when it has arrived', async () => {
    const run = 'copied.f0.s0'
    const steps = numbers(30).map((step) => stepEvent(step, 1))
    const history = eventLines([startedEvent({ run, experiment: 'copied' }), ...steps, epochEvent(1, { mIoU: 0.333 })])
    writeRun(folder, run, '', false)
    await openRun(host, run, 'Open Curves')
    const curves = await host.webview('foldwise-curves')
    await host.treeRow('History', ({ label, description }) => label === run && description.includes('interrupted'))
    for (let at = 0; at < history.length; at += 1500) {
      appendHistory(folder, run, history.slice(at, at + 1500))
      await sleep(100)
    }
    await host.treeRow('History', ({ label, description }) => label === run && description.includes('0.333'))
    await asTableOfSteps(curves)
    await until('all steps', async () => (await shownSteps(curves, run)).length >= 30)
    expect(await shownSteps(curves, run)).toEqual(numbers(30))
    await nothingWentWrong()
  })

  it('results of a later version and damaged ones are said once, and hide no other', async () => {
    const results = join(folder, 'foldwise/results')
    const own = JSON.parse(readFileSync(join(results, `${trained}.json`), 'utf8')) as RunResult
    const later = { ...own, v: 2, run: 'colleague.f1.s0', experiment: 'colleague', fold: 1, novelty: {} }
    writeFileSync(join(results, 'colleague.f1.s0.json'), JSON.stringify(later))
    await viewMessage(host, 'The result of colleague.f1.s0 cannot be read')
    await unfold(host, 'colleague')
    await unfold(host, 'Fold 1')
    const row = await host.treeRow('Experiments', ({ label, level }) => label === 'Seed 0' && level === 3)
    expect(row.description).toBe('result cannot be read')
    writeFileSync(join(results, `${trained}.json`), '{"v": 1, "run": "base')
    await viewMessage(host, '2 results cannot be read')
    await host.screenshot('damage-results')
    writeFileSync(join(results, `${trained}.json`), JSON.stringify(own))
    rmSync(join(results, 'colleague.f1.s0.json'))
    await rowIsGone(host, 'Experiments', 'colleague')
    await host.treeRow('Experiments', ({ label, description }) => label === 'baseline' && /0\.\d{3}/.test(description))
    await viewMessage(host, 'cannot be read', false)
    await nothingWentWrong()
  })

  it('folders without a record or anything at all, and files in their place, do no harm', async () => {
    mkdirSync(runFolder(folder, 'empty.f0.s0'))
    writeRun(folder, 'bare.f0.s0', eventLines([startedEvent(), stepEvent(1, 1), epochEvent(1, { mIoU: 0.444 })]), false)
    writeFileSync(runFolder(folder, 'file.f0.s0'), 'not a folder')
    await host.treeRow('History', ({ label, description }) => label === 'bare.f0.s0' && description.includes('0.444'))
    await host.treeRow('History', ({ label, description }) => label === 'empty.f0.s0' && description.includes('interrupted')) // prettier-ignore
    expect((await host.treeRows('History')).filter(({ label }) => label.startsWith('file'))).toEqual([])
    await openRun(host, 'empty.f0.s0', 'Open Curves')
    const legend = (await host.webview('foldwise-curves')).locator('foldwise-curves-legend')
    await legend.getByText('interrupted · no steps').waitFor()
    await openRun(host, 'bare.f0.s0', 'Open Curves')
    await legend.getByText('0.444').waitFor()
    await host.screenshot('damage-folders')
    // A folder that becomes a file while it is shown.
    rmSync(runFolder(folder, 'empty.f0.s0'), { recursive: true })
    writeFileSync(runFolder(folder, 'empty.f0.s0'), '')
    await rowIsGone(host, 'History', 'empty.f0.s0')
    await nothingWentWrong()
  })

  it('a project file that is broken while it is typed gives its rows back when it is mended', async () => {
    const file = join(folder, 'foldwise/project.jsonc')
    const text = readFileSync(file, 'utf8')
    await openRun(host, trained, 'Open Overlay')
    const scored = await host.treeRow('Experiments', ({ label, description }) => label === 'baseline' && /0\.\d{3}/.test(description)) // prettier-ignore
    for (const length of [text.length - 3, 200, 0]) {
      writeFileSync(file, text.slice(0, length))
      await viewMessage(host, 'project.jsonc')
      await host.treeRow('Experiments', ({ label }) => label === 'baseline')
    }
    await host.screenshot('damage-project')
    writeFileSync(file, text)
    await viewMessage(host, 'project.jsonc', false)
    await host.treeRow('Experiments', ({ label, description }) => label === 'baseline' && description === scored.description) // prettier-ignore
    const overlay = await host.webview('foldwise-overlay')
    await until('four pictures', async () => (await overlay.locator('foldwise-pane canvas').count()) === 4)
    await nothingWentWrong()
  })

  it('an image whose mask has gone is shown without truth', async () => {
    await openRun(host, trained, 'Open Overlay')
    const overlay = await host.webview('foldwise-overlay')
    const names = overlay.locator('[role=listbox] .name')
    await until('four pictures', async () => (await overlay.locator('foldwise-pane canvas').count()) === 4)
    // Not the next one, which is fetched ahead.
    const image = (await names.nth(3).innerText()).trim()
    renameSync(join(folder, 'masks', image), join(folder, image))
    await names.nth(3).click()
    await overlay.getByText('This image has no mask: it is shown without truth and errors.').waitFor()
    expect(await overlay.locator('foldwise-pane h2').allTextContents()).toEqual(['Image', 'Prediction'])
    await host.screenshot('damage-no-mask')
    renameSync(join(folder, image), join(folder, 'masks', image))
    await names.nth(0).click()
    await names.nth(3).click()
    await until('four pictures', async () => (await overlay.locator('foldwise-pane canvas').count()) === 4)
    await nothingWentWrong()
  })
})

describe('ten thousand runs', () => {
  const many = resolve('test-results/workspaces/damage-many')
  const said = (what: string, began: number): void => {
    console.log(`10,000 runs: ${what} after ${((performance.now() - began) / 1000).toFixed(2)} s`)
  }

  beforeAll(async () => {
    rmSync(many, { recursive: true, force: true })
    mkdirSync(many, { recursive: true })
    const began = performance.now()
    await projectWithRuns(many, 2000, 5)
    said('written', began)
    host = await Host.start({ extension, workspace: many })
  })
  afterAll(async () => {
    await host.stop()
    rmSync(many, { recursive: true, force: true })
  })

  it('leave the window usable, and an event changes its row without a rescan', async () => {
    const opened = performance.now()
    await openSidebar(host)
    await host.treeRow('Experiments', ({ label }) => label === 'baseline', 120)
    said('first rows', opened)
    await host.screenshot('damage-many')
    const run = 'experiment-1.f0.s1'
    writeRun(many, run, eventLines([startedEvent({ run, experiment: 'experiment-1', seed: 1 })]), false)
    const lock = await RunLock.acquire(runFolder(many, run))
    const begun = performance.now()
    await host.treeRow('Experiments', ({ label, aria }) => label === 'experiment-1' && aria.includes('training'), 60)
    said('a new run shown', begun)
    await unfold(host, 'experiment-1')
    await unfold(host, 'Fold 0')
    await host.treeRow('Experiments', ({ label }) => label === 'Seed 1')
    const { pid } = host.extensionHosts()[0]
    const before = readsOf(pid)
    for (const epoch of [1, 2, 3]) {
      const mIoU = epoch / 10 + 0.055
      const appended = performance.now()
      appendHistory(many, run, eventLines([epochEvent(epoch, { mIoU })]))
      await host.treeRow('Experiments', ({ label, description }) => label === 'Seed 1' && description.includes(mIoU.toFixed(3))) // prettier-ignore
      said(`event ${epoch} shown`, appended)
    }
    const reads = readsOf(pid) - before
    console.log(`10,000 runs: ${reads} reads of the host for three events`)
    // One each for every run would be a rescan.
    expect(reads).toBeLessThan(10_000)
    await host.screenshot('damage-many-event')
    lock.release()
    await host.treeRow('Experiments', ({ label, description }) => label === 'Seed 1' && description.includes('interrupted')) // prettier-ignore
    rmSync(runFolder(many, run), { recursive: true })
    await rowIsGone(host, 'Experiments', 'Seed 1')
    await nothingWentWrong()
  })
})

/** Calls that read, of a process so far. */
function readsOf(pid: number): number {
  return Number(/syscr: (\d+)/.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))![1])
}
