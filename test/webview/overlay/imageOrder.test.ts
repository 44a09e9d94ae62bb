import { describe, expect, it } from 'vitest'
import { neighbour, orderedImages, shownScore, type ImageOrder } from '../../../webview/overlay/model/imageOrder.ts'
import { scored } from './overlayRuns.ts'

const classes = [
  { name: 'background', color: undefined },
  { name: 'disc', color: undefined },
]
const images = [
  scored('image10.png', 0.5, [0.9, 0.1]),
  scored('image2.png', 0.5, [0.2, 0.8]),
  scored('empty.png', null, [null, null]),
  scored('bad.png', 0.1, [0.1, null]),
]

function names(order: ImageOrder): readonly string[] {
  return orderedImages(images, order, classes).map(({ name }) => name)
}

describe('the order of the images', () => {
  it('begins with the worst; equal scores go by name, numbers as numbers; no score comes last', () => {
    expect(names({ by: 'worst' })).toEqual(['bad.png', 'image2.png', 'image10.png', 'empty.png'])
  })

  it('begins with the best, and still ends with what has no score', () => {
    expect(names({ by: 'best' })).toEqual(['image2.png', 'image10.png', 'bad.png', 'empty.png'])
  })

  it('goes by name', () => {
    expect(names({ by: 'name' })).toEqual(['bad.png', 'empty.png', 'image2.png', 'image10.png'])
  })

  it('goes by the IoU of one class; images without the class come last', () => {
    expect(names({ by: 'class', className: 'disc' })).toEqual(['image10.png', 'image2.png', 'bad.png', 'empty.png'])
    expect(shownScore(images[0], { by: 'class', className: 'disc' }, classes)).toBe(0.1)
  })

  it('goes by the score where the class is not one of the run', () => {
    expect(names({ by: 'class', className: 'ring' })).toEqual(names({ by: 'worst' }))
  })

  it('has neighbours up to both ends; an image that is not in it stands before the first', () => {
    expect(neighbour(images, 'image2.png', 1)).toBe('empty.png')
    expect(neighbour(images, 'image2.png', -1)).toBe('image10.png')
    expect(neighbour(images, 'image10.png', -1)).toBeUndefined()
    expect(neighbour(images, 'bad.png', 1)).toBeUndefined()
    expect(neighbour(images, 'deleted.png', 1)).toBe('image10.png')
  })
})
