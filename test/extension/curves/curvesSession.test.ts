import { appendFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { CurvesSession } from '../../../src/extension/panels/curvesSession.ts'
import { runKey, type RunId, type ToCurves } from '../../../src/protocol/curvesMessages.ts'
import { formatEventLine, type NewRunEvent, type RunEvent } from '../../../src/protocol/events.ts'
import { parseRunName } from '../../../src/protocol/runName.ts'
import { RunFolder } from '../../../src/runs/runFolder.ts'
import type { RunSummary } from '../../../src/runs/runSummary.ts'
import { readProject } from '../../../src/runs/project.ts'
import type { Workspace } from '../../../src/runs/workspace.ts'
import { CurvesModel } from '../../../webview/curves/model/curvesModel.ts'
import { projectSample, temporaryProject } from '../../runs/folders.ts'
import { writeJsonFile } from '../../../src/runs/jsonFile.ts'
import { recordSample } from '../../runs/samples.ts'
import { runOf } from '../samples.ts'
import { baselineConfig } from '../tree/configSample.ts'
import { epochEvent, startedEvent, stepEvent } from './events.ts'
import { transported } from './messageTransport.ts'

vi.mock('vscode', () => import('../vscodeTexts.ts'))

let workspace: Workspace
let runs: Map<string, RunSummary>
let clock: number

afterEach(() => {
  vi.restoreAllMocks()
})

beforeEach(async () => {
  workspace = await temporaryProject()
  runs = new Map()
  clock = Date.parse('2026-01-31T09:30:00.000Z')
})

async function makeRun(name: string, phase: RunSummary['phase'], ...events: readonly NewRunEvent[]): Promise<RunId> {
  await RunFolder.create(workspace, parseRunName(name)!)
  runs.set(name, runOf(name, phase))
  write(name, ...events)
  return { root: workspace.root, run: name }
}

/** One event a second. */
function write(name: string, ...events: readonly NewRunEvent[]): void {
  const file = RunFolder.open(workspace, name).file('events.ndjson')
  for (const event of events) {
    const stamped = { time: new Date((clock += 1000)).toISOString(), ...event } as RunEvent
    appendFileSync(file, `${formatEventLine(stamped)}\n`)
  }
}

/** A session and a view that listens to it. */
class Shown {
  readonly messages: ToCurves[] = []
  readonly model = new CurvesModel()
  readonly failures: unknown[] = []
  readonly session: CurvesSession

  constructor(...ids: readonly RunId[]) {
    const store = { workspace, runs, results: new Map(), project: () => readProject(workspace).project }
    this.session = new CurvesSession(
      { runs: ids, since: '2026-01-31T12:00:00.000Z' },
      () => [store],
      (sent) => {
        const message = transported(sent)
        this.messages.push(message)
        if (message.type !== 'selection') this.model.apply(message)
      },
      (error) => {
        this.failures.push(error)
      },
    )
    onTestFinished(() => {
      this.session.pause()
      expect(this.failures).toEqual([])
    })
  }

  /** As the store tells of a change. */
  changed({ root, run }: RunId): void {
    this.session.refreshRuns(root, new Set([run]))
  }

  steps(id: RunId): readonly number[] {
    return [...(this.model.at(runKey(id))?.curve.step('step') ?? [])]
  }

  async hasSteps(id: RunId, ...steps: readonly number[]): Promise<void> {
    await vi.waitFor(
      () => {
        expect(this.steps(id)).toEqual(steps)
      },
      { timeout: 10_000 },
    )
  }
}

const begun = startedEvent()

describe('the curves of a run that has ended', () => {
  it('are all it wrote, without its torn last line', async () => {
    const id = await makeRun('cutout.f0.s0', 'finished', begun, stepEvent(1, 1), stepEvent(2, 1), epochEvent(1))
    appendFileSync(RunFolder.open(workspace, id.run).file('events.ndjson'), '{"type":"step","st')
    const shown = new Shown(id)
    shown.session.begin()
    expect(shown.messages[0]).toMatchObject({ type: 'hydrate', selection: { runs: [id] } })
    await shown.hasSteps(id, 1, 2)
    expect([...shown.model.at(runKey(id))!.curve.epoch('mIoU')]).toEqual([0.5])
  })

  it('are there at once when the view is shown again', async () => {
    const id = await makeRun('cutout.f0.s0', 'finished', begun, stepEvent(1, 1), stepEvent(2, 1))
    const shown = new Shown(id)
    shown.session.begin()
    await shown.hasSteps(id, 1, 2)
    shown.session.pause()
    shown.session.begin()
    expect(shown.steps(id)).toEqual([1, 2])
  })

  it('grow all the same where its events arrive later, as those of a copied run do', async () => {
    const id = await makeRun('cutout.f0.s0', 'interrupted', begun, stepEvent(1, 1))
    const shown = new Shown(id)
    shown.session.begin()
    await shown.hasSteps(id, 1)
    write(id.run, stepEvent(2, 1))
    const reads = vi.spyOn(RunFolder.prototype, 'readEvents')
    runs.set(id.run, runOf(id.run, 'interrupted', { lastTime: new Date(clock).toISOString() }))
    shown.changed(id)
    await shown.hasSteps(id, 1, 2)
    shown.changed(id)
    shown.changed(id)
    await new Promise((resolve) => setTimeout(resolve, 150))
    expect(reads).toHaveBeenCalledTimes(1)
  })

  it('come with why it failed', async () => {
    const id = await makeRun('cutout.f0.s0', 'failed', begun)
    const failure = { message: 'The loss became NaN.', hint: 'Try a third of it.' }
    runs.set(id.run, runOf(id.run, 'failed', { ending: 'failed', failure }))
    const shown = new Shown(id)
    shown.session.begin()
    expect(shown.model.at(runKey(id))?.curve.facts.trouble).toBe('The loss became NaN. Try a third of it.')
  })
})

describe('the curves of a run in training', () => {
  it('grow with it, and go back where it is resumed', async () => {
    const id = await makeRun('cutout.f0.s0', 'running', begun, stepEvent(1, 1), stepEvent(2, 1), stepEvent(3, 1))
    const shown = new Shown(id)
    shown.session.begin()
    await shown.hasSteps(id, 1, 2, 3)
    write(id.run, startedEvent({ resumed: { epoch: 1, step: 1 } }), stepEvent(2, 1, { loss: 9 }))
    await shown.hasSteps(id, 1, 2)
    expect([...shown.model.at(runKey(id))!.curve.step('loss')]).toEqual([1, 9])
  })

  it('begin with a run that has not written anything', async () => {
    const id = await makeRun('cutout.f0.s0', 'running')
    const shown = new Shown(id)
    shown.session.begin()
    expect(shown.steps(id)).toEqual([])
    write(id.run, begun, stepEvent(1, 1))
    await shown.hasSteps(id, 1)
  })

  it('lose and repeat nothing while the view is hidden, and when the run ends meanwhile', async () => {
    const id = await makeRun('cutout.f0.s0', 'running', begun, stepEvent(1, 1))
    const shown = new Shown(id)
    shown.session.begin()
    await shown.hasSteps(id, 1)
    shown.session.pause()
    write(id.run, stepEvent(2, 1))
    shown.session.begin()
    await shown.hasSteps(id, 1, 2)
    shown.session.pause()
    write(id.run, stepEvent(3, 1))
    runs.set(id.run, runOf(id.run, 'finished'))
    shown.session.begin()
    await shown.hasSteps(id, 1, 2, 3)
  })

  it('are not followed while the view is hidden, whatever else changes', async () => {
    const id = await makeRun('cutout.f0.s0', 'running', begun, stepEvent(1, 1))
    const shown = new Shown(id)
    shown.session.begin()
    await shown.hasSteps(id, 1)
    shown.session.pause()
    const told = shown.messages.length
    const tail = vi.spyOn(RunFolder.prototype, 'tailEvents')
    shown.changed(id)
    await new Promise((resolve) => setTimeout(resolve, 150))
    expect(tail).not.toHaveBeenCalled()
    expect(shown.messages).toHaveLength(told)
  })

  it('are whole when it ends while they are followed, and go on when it is resumed', async () => {
    const id = await makeRun('cutout.f0.s0', 'running', begun, stepEvent(1, 1))
    const shown = new Shown(id)
    shown.session.begin()
    await shown.hasSteps(id, 1)
    write(id.run, stepEvent(2, 1))
    runs.set(id.run, runOf(id.run, 'interrupted'))
    shown.changed(id)
    await shown.hasSteps(id, 1, 2)
    expect(shown.model.at(runKey(id))?.curve.facts.phase).toBe('interrupted')
    runs.set(id.run, runOf(id.run, 'running'))
    shown.changed(id)
    write(id.run, startedEvent({ resumed: { epoch: 1, step: 2 } }), stepEvent(3, 1))
    await shown.hasSteps(id, 1, 2, 3)
  })
})

describe('the baseline for reference', () => {
  it('comes when its first run on the fold begins, and is another one when the project names another', async () => {
    const id = await makeRun('cutout.f0.s0', 'finished', begun, stepEvent(1, 1))
    const shown = new Shown(id)
    shown.session.begin()
    const reference = await makeRun('baseline.f0.s0', 'running', begun, stepEvent(1, 1))
    shown.changed(reference)
    await shown.hasSteps(reference, 1)
    const other = await makeRun('mixup.f0.s0', 'finished', begun, stepEvent(1, 1))
    const file = join(workspace.root, 'foldwise', 'project.jsonc')
    writeFileSync(file, JSON.stringify({ ...projectSample, baseline: 'mixup' }))
    shown.session.refreshProjects()
    expect(shown.model.all.map(({ curve }) => [curve.name, curve.facts.isReference])).toEqual([
      [id.run, false],
      [other.run, true],
    ])
  })
})

describe('thirty runs in training', () => {
  it('lose and repeat nothing, all growing at once, one resumed, and over a reload', async () => {
    const ids: RunId[] = []
    for (let fold = 0; fold < 30; fold++)
      ids.push(await makeRun(`cutout.f${fold}.s0`, 'running', begun, stepEvent(1, 1), epochEvent(1)))
    const shown = new Shown(...ids)
    shown.session.begin()
    for (const id of ids) await shown.hasSteps(id, 1)
    for (const id of ids) write(id.run, stepEvent(2, 2), stepEvent(3, 2))
    for (const id of ids) await shown.hasSteps(id, 1, 2, 3)
    shown.session.pause()
    for (const id of ids) write(id.run, stepEvent(4, 2))
    write(ids[7].run, startedEvent({ resumed: { epoch: 2, step: 1 } }), stepEvent(2, 2))
    shown.session.begin()
    for (const [index, id] of ids.entries()) await shown.hasSteps(id, ...(index === 7 ? [1, 2] : [1, 2, 3, 4]))
    shown.session.pause()
    shown.session.begin()
    for (const [index, id] of ids.entries()) expect(shown.steps(id)).toEqual(index === 7 ? [1, 2] : [1, 2, 3, 4])
  })
})

describe('the runs of the view', () => {
  it('are joined by a run of the same experiment that begins', async () => {
    const id = await makeRun('cutout.f0.s0', 'finished', begun, stepEvent(1, 1))
    const shown = new Shown(id)
    shown.session.begin()
    const next = await makeRun('cutout.f1.s0', 'running', begun, stepEvent(1, 1))
    runs.set(next.run, { ...runOf(next.run, 'running'), created: '2026-01-31T12:00:01.000Z' })
    shown.changed(next)
    await shown.hasSteps(next, 1)
  })

  it('lose one whose folder was deleted, and say so', async () => {
    const id = await makeRun('cutout.f0.s0', 'running', begun, stepEvent(1, 1))
    const shown = new Shown(id)
    shown.session.begin()
    await shown.hasSteps(id, 1)
    rmSync(RunFolder.open(workspace, id.run).path, { recursive: true })
    runs.delete(id.run)
    shown.changed(id)
    expect(shown.messages.at(-1)).toEqual({ type: 'remove', run: id, reason: 'deleted' })
    expect(shown.model.at(runKey(id))?.curve.isGone).toBe(true)
  })

  it('say nothing of a folder that went before it was read', async () => {
    const id = await makeRun('cutout.f0.s0', 'finished')
    rmSync(RunFolder.open(workspace, id.run).path, { recursive: true })
    const shown = new Shown(id)
    shown.session.begin()
    await vi.waitFor(() => {
      expect(shown.steps(id)).toEqual([])
    })
  })

  it('bring the baseline for reference, and conditions in words', async () => {
    const reference = await makeRun('baseline.f0.s0', 'finished', begun, stepEvent(1, 1))
    const id = await makeRun('cutout.f0.s0', 'finished', begun, stepEvent(1, 1))
    const adamW = { ...baselineConfig, optimizer: { ...baselineConfig.optimizer, name: 'AdamW' } }
    await record(reference, { ...baselineConfig })
    await record(id, { ...adamW })
    const shown = new Shown(id)
    shown.session.begin()
    expect(shown.model.at(runKey(reference))?.curve.facts).toMatchObject({
      isReference: true,
      conditions: expect.arrayContaining(['Adam, lr 0.001']) as unknown,
    })
    expect(shown.model.at(runKey(id))?.curve.facts.conditions).toEqual(['optimizer: Adam → AdamW'])
    shown.session.select({ runs: [], since: '2026-01-31T13:00:00.000Z' })
    expect(shown.model.all).toEqual([])
    expect(shown.messages.at(-1)).toMatchObject({ type: 'remove', reason: 'deselected' })
  })
})

async function record({ run }: RunId, config: (typeof recordSample)['config']): Promise<void> {
  await writeJsonFile(RunFolder.open(workspace, run).file('run.json'), { ...recordSample, run, config })
}
