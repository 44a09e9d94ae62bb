import { describe, expect, it } from 'vitest'
import { keyPath } from '../../../src/extension/tree/keyPath.ts'
import { worstImage } from '../../../src/extension/tree/worstImage.ts'

describe('the worst image', () => {
  const counts = (image: string, tp: readonly number[], fp: readonly number[]): Parameters<typeof worstImage>[0][number] => ({ image, tp, fp, fn: [0, 0], tn: [0, 0] }) // prettier-ignore

  it('has the lowest mean IoU over the classes in it; one without any class has no score', () => {
    const images = [counts('good', [9, 9], [1, 1]), counts('bad', [9, 0], [1, 5]), counts('empty', [0, 0], [0, 0])]
    expect(worstImage(images)).toEqual({ image: 'bad', mIoU: 0.45 })
  })

  it('does not exist before a validation', () => {
    expect(worstImage([])).toBeUndefined()
  })
})

describe('a key of a changed condition', () => {
  it('leads to its value by names and positions', () => {
    expect(keyPath('augment[1].p')).toEqual(['augment', 1, 'p'])
    expect(keyPath('train.clip_grad_norm')).toEqual(['train', 'clip_grad_norm'])
    expect(keyPath('loss[10]')).toEqual(['loss', 10])
  })
})
