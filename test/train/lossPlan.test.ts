import { describe, expect, it } from 'vitest'
import type { ExperimentConfig, LossConfig } from '../../src/core/experiment.ts'
import type { Project } from '../../src/core/projectSchema.ts'
import { countClassPixels } from '../../src/data/classPixels.ts'
import { pairFolders } from '../../src/data/folders.ts'
import { writeSampleDataset } from '../../src/data/sample/sampleDataset.ts'
import { balancedLosses, checkClassArguments } from '../../src/train/lossPlan.ts'
import { rulesOf, temporaryFolder } from '../data/dataset.ts'

const names = ['background', 'disc', 'square', 'triangle', 'ring', 'never there']
const classes = names.map((name, id) => ({ id, name }))

function check(count: number, loss: Omit<LossConfig, 'weight'>): () => void {
  const project = { dataset: { classes: classes.slice(0, count) } } as unknown as Project
  return () => {
    checkClassArguments({ loss: [{ weight: 1, ...loss }] } as unknown as ExperimentConfig, project)
  }
}

describe('arguments of losses that depend on the classes', () => {
  it('take mode binary for two classes, as one logit without anything by class', () => {
    const dice = { name: 'DiceLoss', mode: 'binary', classes: null, class_weights: null }
    expect(check(2, dice)).not.toThrow()
    expect(check(3, dice)).toThrow('mode "binary" is for projects of two classes, and this one has 3')
    expect(check(2, { ...dice, class_weights: [1, 2] })).toThrow('has no "class_weights" by class')
  })

  it('take one pos_weight, or one for each class', () => {
    const loss = { name: 'SoftBCEWithLogitsLoss', mode: 'multilabel' }
    expect(check(3, { ...loss, pos_weight: 2 })).not.toThrow()
    expect(check(3, { ...loss, pos_weight: [1, 2, 3] })).not.toThrow()
    expect(check(3, { ...loss, pos_weight: [1, 2] })).toThrow('pos_weight has 2 entries for 3 classes')
  })
})

describe('"balanced" class weights', () => {
  it('are n / (C · pixels of the class), and 0 with a warning for a class that is not there', async () => {
    const folder = temporaryFolder()
    await writeSampleDataset(folder, { seed: 5, count: 4, size: 40 })
    const { pairs } = await pairFolders({ root: folder, images: 'images', masks: 'masks' })
    const rules = rulesOf(classes, null)
    const other = { name: 'DiceLoss', weight: 1 }
    const given = [{ name: 'CrossEntropyLoss', weight: 1, class_weights: 'balanced' }, other]
    const { pixels, perMask } = await countClassPixels(pairs.map(({ mask }) => mask), rules) // prettier-ignore
    const images = perMask.map((mask) => mask.pixels)
    const { losses, warnings } = balancedLosses(given, images, rules)
    const expected = pixels.map((count) => (count === 0 ? 0 : (4 * 40 * 40) / (classes.length * count)))
    expect(losses).toEqual([{ ...given[0], class_weights: expected }, other])
    expect(expected.at(-1)).toBe(0)
    expect(warnings).toEqual([expect.stringContaining('never there')])
    expect(balancedLosses([other], [], rules)).toEqual({ losses: [other], warnings: [] })
  })
})
