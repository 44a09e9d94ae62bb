import * as z from 'zod'
import { foldCount, needed, splitError, type SplitMethod } from './method.ts'

const args = z.object({ n_splits: foldCount.describe('Number of folds that the column has.') })

/** scikit-learn's PredefinedSplit: folds that somebody else decided, e.g. the organisers of a competition. */
export const predefinedSplit: SplitMethod<typeof args> = {
  name: 'PredefinedSplit',
  summary: 'Takes the fold in which each image validates from a column of a CSV file.',
  arguments: args,
  needs: ['folds'],
  split({ folds: given }, { n_splits: expected }) {
    const foldOf = needed(given, 'test_fold', 'folds')
    const folds = [...new Set(foldOf)].filter((fold) => fold !== -1).sort((a, b) => a - b)
    if (folds.length !== expected) {
      throw splitError(
        `The column of folds has ${folds.length} different folds (${folds.join(', ')}), not n_splits=${expected}.`,
        'n_splits',
        expected,
      )
    }
    const images = foldOf.map((_, image) => image)
    return folds.map((fold) => ({
      train: images.filter((image) => foldOf[image] !== fold),
      validation: images.filter((image) => foldOf[image] === fold),
    }))
  },
}
