import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { formatEventLine, parseEventLine, runEventSchema } from '../../src/protocol/events.ts'
import { at, eventSamples, stepSample } from './samples.ts'

describe('an event line', () => {
  it('has a sample of every type here', () => {
    const types = runEventSchema.options.map((option) => option.shape.type.value)
    expect(new Set(eventSamples.map((event) => event.type))).toEqual(new Set(types))
  })

  it.each(eventSamples.map((event) => [event.type, event] as const))('round-trips: %s', (_type, event) => {
    const line = formatEventLine(at(event))
    expect(line).not.toContain('\n')
    expect(parseEventLine(line)).toEqual(at(event))
  })

  it('writes a loss that is not finite as null, and reads it', () => {
    const line = formatEventLine(at({ ...stepSample, loss: Number.NaN, gradNorm: Number.POSITIVE_INFINITY }))
    expect(parseEventLine(line)).toMatchObject({ type: 'step', loss: null, gradNorm: null })
  })

  it('is ignored where it is torn, at every length', () => {
    const line = formatEventLine(at(stepSample))
    for (let length = 0; length < line.length; length++) expect(parseEventLine(line.slice(0, length))).toBeUndefined()
  })

  it.each([
    ['an unknown type', { type: 'telepathy', time: '2026-01-31T09:30:00Z' }],
    ['a later version', { type: 'warning', message: 'x', time: '2026-01-31T09:30:00Z', v: 2 }],
    ['a local time', { type: 'warning', message: 'x', time: '2026-01-31T09:30:00+09:00' }],
    ['no time', { type: 'warning', message: 'x' }],
    ['no object', 3],
    ['null', null],
  ])('is ignored with %s', (_what, value) => {
    expect(parseEventLine(JSON.stringify(value))).toBeUndefined()
  })

  it('is read with keys that a later version added', () => {
    const line = JSON.stringify({ ...at({ type: 'warning', message: 'x' }), colour: 'red' })
    expect(parseEventLine(line)).toEqual(at({ type: 'warning', message: 'x' }))
  })

  it('has a JSON Schema', () => {
    const schema = z.toJSONSchema(runEventSchema, { io: 'input' })
    expect(schema.oneOf ?? schema.anyOf).toHaveLength(runEventSchema.options.length)
  })
})
