import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { registry, type Definition } from '../../src/core/definition.ts'
import { UserError } from '../../src/core/errors.ts'
import { nearestName } from '../../src/core/nearest.ts'

function define(name: string): Definition {
  return { name, summary: name, arguments: z.object({}) }
}

describe('registry', () => {
  const losses = registry([define('CrossEntropyLoss'), define('DiceLoss')], 'loss')

  it('gives definitions by name, in the order of the list', () => {
    expect(losses.names).toEqual(['CrossEntropyLoss', 'DiceLoss'])
    expect(losses.get('DiceLoss')).toBe(losses.all[1])
  })

  it('answers an unknown name with the allowed ones and the nearest', () => {
    const attempt = (): unknown => losses.get('dice_loss')
    expect(attempt).toThrow(UserError)
    try {
      attempt()
    } catch (error) {
      expect((error as UserError).message).toBe('Unknown loss "dice_loss".')
      expect((error as UserError).details).toMatchObject({ allowed: losses.names, hint: 'Did you mean "DiceLoss"?' })
    }
  })

  it('refuses two definitions of one name', () => {
    expect(() => registry([define('A'), define('A')])).toThrow('share a name')
  })
})

describe('nearestName', () => {
  it('finds the word behind a typing error', () => {
    expect(nearestName('batchsize', ['image_size', 'batch_size'])).toBe('batch_size')
    expect(nearestName('optimzier', ['model', 'optimizer'])).toBe('optimizer')
    expect(nearestName('adm', ['SGD', 'Adam', 'AdamW'])).toBe('Adam')
  })

  it('stays silent when nothing is near', () => {
    expect(nearestName('xyz', ['optimizer', 'model'])).toBeUndefined()
    expect(nearestName('a'.repeat(100_000), ['a'])).toBeUndefined()
  })
})
