import { appendFileSync, mkdirSync, readFileSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { RunEvent } from '../../src/protocol/events.ts'
import { readEvents, tailEvents } from '../../src/runs/eventReader.ts'
import { EventWriter } from '../../src/runs/eventWriter.ts'
import { eventSamples, startedSample, stepSample } from '../protocol/samples.ts'
import { temporaryFolder } from './folders.ts'

function newHistory(): { file: string; writer: EventWriter } {
  const file = join(temporaryFolder(), 'events.ndjson')
  return { file, writer: new EventWriter(file) }
}

describe('a run history', () => {
  it('gives back every event as it was written', async () => {
    const { file, writer } = newHistory()
    const written = eventSamples.map((event) => writer.append(event))
    writer.close()
    expect(await readEvents(file)).toEqual(written)
    expect(written.map(({ type }) => type)).toEqual(eventSamples.map(({ type }) => type))
  })

  it('carries the version on its first line only, also when it is continued', async () => {
    const { file, writer } = newHistory()
    writer.append(startedSample)
    writer.append(stepSample)
    writer.close()
    const again = new EventWriter(file)
    again.append(stepSample)
    again.close()
    expect((await readEvents(file)).map((event) => event.v)).toEqual([1, undefined, undefined])
  })

  it('loses only its torn last line, wherever it was torn', async () => {
    const { file, writer } = newHistory()
    writer.append(startedSample)
    const complete = statSync(file).size
    writer.append(stepSample)
    writer.close()
    const whole = readFileSync(file)
    for (const size of [complete + 1, complete + 40, whole.length - 1]) {
      writeFileSync(file, whole)
      truncateSync(file, size)
      expect((await readEvents(file)).map(({ type }) => type)).toEqual(['started'])

      const again = new EventWriter(file)
      expect(statSync(file).size).toBe(complete)
      again.append({ type: 'warning', message: 'resumed' })
      again.close()
      expect((await readEvents(file)).map(({ type }) => type)).toEqual(['started', 'warning'])
    }
  })

  it('starts anew where nothing but a torn first line is left', async () => {
    const file = join(temporaryFolder(), 'events.ndjson')
    writeFileSync(file, '{"type":"star'.padEnd(200_000, 'x'))
    const writer = new EventWriter(file)
    writer.append(startedSample)
    writer.close()
    expect(await readEvents(file)).toMatchObject([{ type: 'started', v: 1 }])
  })

  it('skips lines in the middle that it cannot read', async () => {
    const { file, writer } = newHistory()
    writer.append(startedSample)
    appendFileSync(file, '\0\0\0\n{"type":"telepathy","time":"2026-01-31T09:30:00Z"}\n\n')
    writer.append(stepSample)
    writer.close()
    expect((await readEvents(file)).map(({ type }) => type)).toEqual(['started', 'step'])
  })

  it('is read whole when it is longer than one piece, characters of several bytes included', async () => {
    const { file, writer } = newHistory()
    writer.append({ type: 'warning', message: 'x'.repeat(3 << 20) })
    const messages = Array.from({ length: 3000 }, (_, index) => `${index} ${'검증'.repeat(100)}`)
    for (const message of messages) writer.append({ type: 'warning', message })
    writer.close()
    const events = await readEvents(file)
    expect(events.slice(1).map((event) => event.type === 'warning' && event.message)).toEqual(messages)
  })

  it('is empty before its file exists', async () => {
    expect(await readEvents(join(temporaryFolder(), 'events.ndjson'))).toEqual([])
  })

  it('of a later format is refused, not half understood', async () => {
    const file = join(temporaryFolder(), 'events.ndjson')
    writeFileSync(file, '{"v":2,"type":"started"}\n')
    await expect(readEvents(file)).rejects.toMatchObject({ details: { code: 'newer-format', file, line: 1 } })
  })

  it.runIf(process.platform !== 'win32')('is not written through a link, nor into a folder', () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'precious'), 'text')
    symlinkSync(join(folder, 'precious'), join(folder, 'link.ndjson'))
    mkdirSync(join(folder, 'folder.ndjson'))
    for (const name of ['link.ndjson', 'folder.ndjson']) {
      expect(() => new EventWriter(join(folder, name))).toThrow(expect.objectContaining({ name: 'UserError' }) as Error)
    }
    expect(readFileSync(join(folder, 'precious'), 'utf8')).toBe('text')
  })
})

describe('following a run history', () => {
  it('gives what is there, then what is added, and ends when told', async () => {
    const file = join(temporaryFolder(), 'events.ndjson')
    const end = new AbortController()
    const seen: RunEvent[] = []
    const following = (async () => {
      for await (const event of tailEvents(file, end.signal, 10)) {
        seen.push(event)
        if (event.type === 'finished') end.abort()
      }
    })()
    const writer = new EventWriter(file)
    const written: RunEvent[] = []
    for (const event of eventSamples) {
      written.push(writer.append(event))
      await new Promise((resolve) => setImmediate(resolve))
    }
    await following
    writer.close()
    expect(seen).toEqual(written)
  })

  it('gives an event once its line is complete, and never the torn line that a resumed trainer cut off', async () => {
    const { file, writer } = newHistory()
    writer.append(startedSample)
    writer.close()
    appendFileSync(file, '{"type":"warning","time":"2026-01-31T09:30:00Z","mess')
    const end = new AbortController()
    const events = tailEvents(file, end.signal, 10)
    expect((await events.next()).value).toMatchObject({ type: 'started' })

    const next = events.next()
    const resumed = new EventWriter(file)
    resumed.append(stepSample)
    resumed.close()
    expect((await next).value).toMatchObject({ type: 'step' })
    const last = events.next()
    end.abort()
    expect(await last).toEqual({ done: true, value: undefined })
  })
})
