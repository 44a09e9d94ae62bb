import { beforeAll, describe, expect, it } from 'vitest'
import { UserError } from '../../../src/core/errors.ts'
import { explained } from '../../../src/engines/onnx/deviceFailure.ts'
import { childFacts } from './childFacts.ts'

interface Broken {
  readonly error: {
    readonly isUserError: boolean
    readonly message: string
    readonly code: string
    readonly hint: string
  }
  readonly last: { readonly type: string; readonly code: string; readonly hint: string }
  readonly epochs: number
  readonly resumed: string
  readonly losses: readonly number[]
}

describe('a training whose device gives up in its second epoch', () => {
  let facts: ReadonlyMap<string, unknown> = new Map()
  beforeAll(async () => {
    facts = await childFacts('lostDevice.ts')
  }, 120_000)

  it.each([
    ['lost', 'device-lost', /update the driver/],
    ['full', 'out-of-memory', /smaller data.batch_size/],
  ])('(%s) ends with what happened and what to do, also in its events', (name, code, hint) => {
    const { error, last, epochs } = facts.get(name) as Broken
    expect(epochs).toBe(1)
    expect(error).toMatchObject({ isUserError: true, code })
    expect(error.hint).toMatch(hint)
    expect(error.hint).toContain('foldwise train --resume')
    expect(last).toMatchObject({ type: 'failed', code, hint: error.hint })
  })

  it.each(['lost', 'full'])('(%s) goes on from its last checkpoint as if nothing had happened', (name) => {
    const { resumed, losses } = facts.get(name) as Broken
    expect(resumed).toBe('finished')
    expect(losses).toEqual(facts.get('whole'))
  })
})

describe('an error of the runtime', () => {
  it.each([
    ['WebGPU device error(OutOfMemory): Out of memory', 'out-of-memory'],
    ['vkAllocateMemory failed with VK_ERROR_OUT_OF_DEVICE_MEMORY', 'out-of-memory'],
    ['bfc_arena.cc: Failed to allocate memory for requested buffer of size 1073741824', 'out-of-memory'],
    ['CreateCommittedResource failed with E_OUTOFMEMORY', 'out-of-memory'],
    ['Invalid TF_Status: 8\nMessage: OOM when allocating tensor with shape[16,64,512,512]', 'out-of-memory'],
    ['vkQueueSubmit failed with VK_ERROR_DEVICE_LOST', 'device-lost'],
    ['D3D12 device removed, reason: DXGI_ERROR_DEVICE_HUNG (887A0006)', 'device-lost'],
  ])('%s is %s', (message, code) => {
    const error = explained(new Error(message))
    expect(error).toBeInstanceOf(UserError)
    expect((error as UserError).details).toMatchObject({ code })
  })

  it('that says something else stays what it is: a bug', () => {
    const error = new Error('Invalid rank for input: image')
    expect(explained(error)).toBe(error)
  })
})
