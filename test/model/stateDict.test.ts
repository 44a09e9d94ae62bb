import { describe, expect, it } from 'vitest'
import { UserError } from '../../src/core/errors.ts'
import type { NamedTensor } from '../../src/core/safetensors.ts'
import { constantOf } from '../../src/model/initializers.ts'
import type { Declaration } from '../../src/model/networkParts.ts'
import { checkStateDict, foldBatchNorm } from '../../src/model/stateDict.ts'

const tensor = (...values: number[]): NamedTensor => ({ shape: [values.length], data: Float32Array.from(values) })

function declare(key: string, shape: readonly number[]): Declaration {
  return { key, shape, initial: constantOf(0), kind: 'parameter' }
}

function complaint(declarations: readonly Declaration[], state: Map<string, NamedTensor>): UserError {
  try {
    checkStateDict(declarations, state, 'best.safetensors')
  } catch (error) {
    if (error instanceof UserError) return error
  }
  throw new Error('the state was accepted')
}

describe('checkStateDict', () => {
  const declarations = [declare('a', [2]), declare('b', [1])]

  it('accepts what fits', () => {
    checkStateDict(
      declarations,
      new Map([
        ['b', tensor(1)],
        ['a', tensor(1, 2)],
      ]),
      'best.safetensors',
    )
  })

  it('lists what is missing, unexpected and of another shape or type', () => {
    const state = new Map<string, NamedTensor>([
      ['a', tensor(1)],
      ['c', tensor(1)],
    ])
    const { message, details } = complaint(declarations, state)
    expect(message).toContain('missing (1): b')
    expect(message).toContain('unexpected (1): c')
    expect(message).toContain('of another shape or type (1): a [1] instead of [2]')
    expect(details.file).toBe('best.safetensors')
    const bytes = { shape: [2], data: Uint8Array.of(1, 2) }
    expect(
      complaint(
        declarations,
        new Map([
          ['a', bytes],
          ['b', tensor(1)],
        ]),
      ).message,
    ).toContain('a as Uint8Array')
  })

  it('shortens long lists and keeps their count', () => {
    const many = Array.from({ length: 25 }, (_, index) => declare(`layer${index}`, [1]))
    const { message } = complaint(many, new Map())
    expect(message).toContain('missing (25): layer0, layer1,')
    expect(message).toContain('layer9, and 15 more')
    expect(message).not.toContain('layer10')
  })
})

describe('foldBatchNorm', () => {
  const epsilon = 0.5
  const state = new Map<string, NamedTensor>([
    ['conv.weight', { shape: [2, 1, 1, 2], data: Float32Array.of(1, 2, 3, 4) }],
    ['conv.bias', tensor(10, 20)],
    ['bn.weight', tensor(2, 3)],
    ['bn.bias', tensor(0.25, 0.5)],
    ['bn.running_mean', tensor(1, 2)],
    ['bn.running_var', tensor(3.5, 0.5)],
  ])
  const fold = {
    weight: 'conv.weight',
    bias: 'bn.bias/folded',
    gamma: 'bn.weight',
    beta: 'bn.bias',
    mean: 'bn.running_mean',
    variance: 'bn.running_var',
    epsilon,
  }

  it('scales each output’s weights by γ/√(σ²+ε) and moves the shift into the bias', () => {
    const folded = foldBatchNorm(state, [fold])
    expect(folded.get('conv.weight')).toEqual({ shape: [2, 1, 1, 2], data: Float32Array.of(1, 2, 9, 12) })
    expect(folded.get('bn.bias/folded')).toEqual(tensor(0.25 - 1, 0.5 - 2 * 3))
  })

  it('carries a bias of the convolution along', () => {
    const folded = foldBatchNorm(state, [{ ...fold, convolutionBias: 'conv.bias' }])
    expect(folded.get('bn.bias/folded')).toEqual(tensor(0.25 + 9, 0.5 + 18 * 3))
  })

  it('leaves the given state as it was', () => {
    foldBatchNorm(state, [fold])
    expect(state.get('conv.weight')!.data).toEqual(Float32Array.of(1, 2, 3, 4))
    expect(state.has('bn.bias/folded')).toBe(false)
  })
})
