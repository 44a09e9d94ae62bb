import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Frame } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EventOf } from '../../src/protocol/events.ts'
import { runFiles } from '../../src/protocol/runFolder.ts'
import { builtVsix } from '../hostKit/builtVsix.ts'
import { Host } from '../hostKit/host.ts'
import { until } from '../hostKit/until.ts'
import { appendHistory, copyRun, eventLines, runFolder, trained, trainedProject } from './madeRuns.ts'

const runs = Array.from({ length: 20 }, (_, seed) => `baseline.f0.s${seed + 1}`)
const steps = 10_000
/** The last ones arrive while they are watched: each run takes a step every 40 ms, as no training does. */
const watched = Number(process.env['FOLDWISE_STREAMED_STEPS'] ?? 500)
const perTurn = 5
const turnMilliseconds = 200

describe(`curves of ${runs.length} runs with ${steps} steps each`, () => {
  let project: string
  let host: Host
  let view: Frame

  beforeAll(async () => {
    project = trainedProject('streaming')
    for (const run of runs) {
      copyRun(project, run)
      rmSync(join(runFolder(project, run), runFiles.events))
      appendHistory(project, run, eventLines([startOf(project, run)]) + stepLines(run, 1, steps - watched))
    }
    rmSync(runFolder(project, trained), { recursive: true })
    host = await Host.start({
      vsix: builtVsix(),
      workspace: project,
      viewport: { width: 1440, height: 900 },
    })
    await host.page.locator('.activitybar a[aria-label^="Foldwise"]').click()
    await host.runCommand('Foldwise: Open Curves')
    await host.pickerItems()
    await host.page.locator('.quick-input-header .monaco-checkbox:visible').click()
    await host.page.keyboard.press('Enter')
    view = await host.webview('foldwise-curves')
    await shows(runs.length * (steps - watched))
  })
  afterAll(async () => {
    await host.stop()
  })

  /** The table twin counts the rows of all runs. */
  async function shows(rows: number): Promise<void> {
    await choose('Table')
    await choose('Steps')
    let pager = ''
    await until(
      () => `${rows} steps in the table; it says ${pager}`,
      async () => {
        pager = (await view.locator('.pager').textContent()) ?? ''
        return new RegExp(`of ${rows}\\b`).test(pager.replaceAll(',', ''))
      },
      60,
    )
    await choose('Charts')
  }

  async function choose(name: string): Promise<void> {
    await view.getByRole('radio', { name }).click()
  }

  /** Resident memory of the extension host, MiB. */
  function hostMemory(): number {
    const [{ pid }] = host.extensionHosts()
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
  }

  it('show every step that arrives, and the extension host does not grow', async () => {
    const memory = [hostMemory()]
    await view.evaluate('window.foldwiseFrames()')
    for (let step = steps - watched + 1; step <= steps; step += perTurn) {
      for (const run of runs) appendHistory(project, run, stepLines(run, step, step + perTurn - 1))
      await sleep(turnMilliseconds)
      if ((step - 1) % (watched / 5) === 0) memory.push(hostMemory())
    }
    const { frames, seconds } = await view.evaluate<{ frames: number; seconds: number }>('window.foldwiseFrames()')
    await shows(runs.length * steps)
    await host.screenshot('streaming')
    console.log(
      `${(frames / seconds).toFixed(1)} frames a second over ${seconds.toFixed(0)} s; ` +
        `memory of the extension host, MiB: ${memory.map((each) => each.toFixed(0)).join(', ')}`,
    )
    // Resident memory swings with the collector: this finds a host that keeps messages or whole files, nothing finer.
    expect(hostMemory() - memory[0]).toBeLessThan(80)
    expect(host.errors()).toEqual([])
  })
})

function startOf(project: string, run: string): EventOf<'started'> {
  const [line] = readFileSync(join(runFolder(project, trained), runFiles.events), 'utf8').split('\n')
  const seed = Number(run.slice(run.lastIndexOf('s') + 1))
  return { ...(JSON.parse(line) as EventOf<'started'>), run, seed }
}

function stepLines(run: string, first: number, last: number): string {
  const offset = runs.indexOf(run) / 10
  const events = Array.from({ length: last - first + 1 }, (_, index): Omit<EventOf<'step'>, 'time' | 'v'> => {
    const step = first + index
    const loss = offset + 2 * Math.exp(-step / 2000) + 0.1 * Math.sin(step * (1 + offset))
    return {
      type: 'step',
      step,
      epoch: Math.ceil(step / 100),
      loss,
      parts: { CrossEntropyLoss: loss },
      lr: 1e-3,
      gradNorm: 1 + loss,
      imagesPerSecond: 10,
      dataWaitMs: 1,
    }
  })
  return eventLines(events)
}
