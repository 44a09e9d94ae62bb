import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunEvent } from '../../src/protocol/events.ts'
import { builtVsix } from '../hostKit/builtVsix.ts'
import { Host } from '../hostKit/host.ts'
import { until } from '../hostKit/until.ts'
import { unfold } from './sidebar.ts'

// The way of a newcomer: the packaged extension in an empty profile, an empty folder, everything by the palette.
const folder = resolve('test-results/workspaces/journey')
let host: Host

beforeAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  host = await Host.start({ vsix: builtVsix(), workspace: folder })
})
afterAll(async () => {
  await host.stop()
})

function eventsOf(run: string): readonly RunEvent[] {
  const text = readFileSync(join(folder, 'foldwise/runs', run, 'events.ndjson'), 'utf8')
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as RunEvent)
}

function setEpochs(experiment: string, epochs: number): void {
  const file = join(folder, 'foldwise/experiments', `${experiment}.jsonc`)
  writeFileSync(file, readFileSync(file, 'utf8').replace(/"epochs": \d+/, `"epochs": ${epochs}`))
}

async function openSidebar(): Promise<void> {
  const header = host.page.locator('.pane-header', { hasText: 'Experiments' })
  if (!(await header.isVisible())) await host.page.locator('.activitybar a[aria-label^="Foldwise"]').click()
  await header.waitFor()
}

async function trains(run: string, seconds = 60): Promise<void> {
  await until(
    `${run} in the status bar`,
    async () => (await host.statusBar()).some((text) => text.includes(run)),
    seconds,
  )
}

describe('from an empty folder to what a change did', () => {
  it('an empty window folder says what to do', async () => {
    await openSidebar()
    await host.page.getByText('Create Sample Project').first().waitFor()
    await host.screenshot('01-welcome')
  })

  it('makes the sample project', async () => {
    await host.runCommand('Foldwise: Create Sample Project…')
    await host.treeRow('Experiments', ({ label }) => label === 'baseline', 60)
    setEpochs('baseline', 8)
  })

  it('a debug run tells what holds', async () => {
    await host.runCommand('Foldwise: Debug Run…')
    await host.pick('baseline')
    await until(
      'the message',
      async () => (await host.notifications()).some(({ message }) => /no check fails/.test(message)),
      150,
    )
    const checks = eventsOf('baseline-debug.f0.s0').filter((event) => event.type === 'check')
    expect(checks.map(({ verdict }) => verdict)).toEqual(Array(5).fill('pass'))
  })

  it('Train Fold shows its progress in the status bar and the tree', async () => {
    await host.runCommand('Foldwise: Train Fold…')
    await host.pick('baseline')
    await host.pick('Fold 0')
    await host.pick('The experiment')
    await trains('baseline.f0.s0')
    await host.treeRow('Experiments', ({ label, aria }) => label === 'baseline' && /training|running/i.test(aria))
  })

  it('the curve rises while it trains', async () => {
    await host.runCommand('Foldwise: Open Curves')
    await host.pickerItems()
    await host.page.keyboard.press('Enter')
    const view = await host.webview('foldwise-curves')
    await until(
      'a validated epoch among the last values',
      async () => (await view.getByText(/^0\.\d{3}$/).count()) > 0,
      60,
    )
    await host.screenshot('02-curves-training')
  })

  it('a reload of the window does not touch the training', async () => {
    await until('two epochs', () => eventsOf('baseline.f0.s0').filter(({ type }) => type === 'epoch').length >= 2, 90)
    await host.reload()
    await trains('baseline.f0.s0')
    await host.webview('foldwise-curves')
  })

  it('a killed extension host does not touch the training', async () => {
    await host.crashExtensionHost()
    await until(
      'the message that it is trained',
      async () => (await host.notifications()).some(({ message }) => message.includes('baseline.f0.s0 is trained')),
      120,
    )
    const steps = eventsOf('baseline.f0.s0').flatMap((event) => (event.type === 'step' ? [event.step] : []))
    expect(steps).toEqual(steps.map((_, index) => index + 1))
    expect(eventsOf('baseline.f0.s0').filter(({ type }) => type === 'started')).toHaveLength(1)
  })

  it('the overlay shows image, truth, prediction and errors', async () => {
    await host.runCommand('Foldwise: Open Overlay')
    await host.pick('baseline.f0.s0')
    const view = await host.webview('foldwise-overlay')
    await until('four pictures', async () => (await view.locator('foldwise-pane canvas').count()) >= 4)
    await host.screenshot('03-overlay')
  })

  it('a second experiment changes one condition', async () => {
    await host.runCommand('Foldwise: New Experiment From…')
    await host.pick('baseline')
    await host.type('dice')
    await host.type('small classes gain from Dice')
    const file = join(folder, 'foldwise/experiments/dice.jsonc')
    await until('its file', () => readFileSync(file, 'utf8').includes('"extends": "baseline"'))
    writeFileSync(file, '{ "extends": "baseline", "loss": [{ "name": "DiceLoss" }], "train": { "epochs": 8 } }\n')
    await host.runCommand('Foldwise: Train Fold…')
    await host.pick('dice')
    await host.pick('Fold 0')
    await host.pick('The experiment')
    await trains('dice.f0.s0')
  })

  it('the tree shows what it changed and whether it helped', async () => {
    await until(
      'its message',
      async () => (await host.notifications()).some(({ message }) => message.includes('dice.f0.s0 is trained')),
      200,
    )
    await openSidebar()
    const row = await host.treeRow(
      'Experiments',
      ({ label, description }) => label === 'dice' && /[+−]0\.\d{3}/.test(description),
    )
    expect(row.description).toMatch(/0\.\d{3}/)
    await unfold(host, 'dice')
    await host.treeRow('Experiments', ({ label }) => label.includes('− CrossEntropyLoss'))
    await host.screenshot('04-tree-difference')
  })

  it('compares with the baseline', async () => {
    // One experiment beside the baseline has results: there is nothing to ask.
    await host.runCommand('Foldwise: Compare With Baseline…')
    const preview = await host.webview('table')
    await preview.getByText('dice').first().waitFor()
    await host.screenshot('05-compare')
  })

  it('nothing of ours went wrong unseen', () => {
    expect(host.errors()).toEqual([])
  })
})
