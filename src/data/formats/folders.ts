import { UserError } from '../../core/errors.ts'
import { pairFolders } from '../folders.ts'
import { findFolderPairs } from '../inspect/findFolders.ts'
import { surveyMasks } from '../inspect/surveyMasks.ts'
import type { DatasetFormat, Recognised, RecogniseChoice } from './format.ts'

/** One folder of images, one of masks, paired by the stems of their names. */
export const folders: DatasetFormat = { recognise: chooseFolders, listPairs: pairFolders }

async function chooseFolders({ root, images, masks }: RecogniseChoice): Promise<Recognised> {
  if (images !== undefined && masks !== undefined) return { images, masks, sentences: [] }
  const all = await findFolderPairs(root)
  const fitting = all.filter((pair) => (images ?? pair.images) === pair.images && (masks ?? pair.masks) === pair.masks)
  if (fitting.length === 0) {
    throw new UserError('no folder of images with a folder of masks of the same names was found', {
      file: root,
      allowed: 'e.g. images/1.png with masks/1.png, or images/1.jpg with masks/1_mask.png',
      hint: 'Name the folders with --images and --masks.',
      code: 'no-dataset',
    })
  }
  // Without a telling name either folder could be the masks: the one that reads as masks is.
  const chosen = fitting[0].isNamedMasks ? fitting[0] : await masksByContent(root, fitting)
  const why = chosen.isNamedMasks ? 'its name says so' : 'its files hold few values'
  const others = fitting.filter(
    ({ images: other, masks: othersMasks, isNamedMasks }) =>
      isNamedMasks && other !== chosen.images && othersMasks !== chosen.masks,
  )
  const alsoText = others.slice(0, 3).map((pair) => `${pair.images} + ${pair.masks} (${pair.matches})`)
  return {
    images: nameOf(chosen.images),
    masks: nameOf(chosen.masks),
    sentences: [
      `${nameOf(chosen.masks)} is taken as the folder of masks: ${why}.`,
      ...(others.length > 0 ? [`Other folders pair too and are not used: ${alsoText.join(', ')}.`] : []),
    ],
  }
}

/** The workspace itself is written '.' in project files. */
function nameOf(folder: string): string {
  return folder === '' ? '.' : folder
}

async function masksByContent<T extends { readonly images: string; readonly masks: string }>(
  root: string,
  pairs: readonly T[],
): Promise<T> {
  for (const pair of pairs) {
    const { pairs: files } = await pairFolders({
      root,
      images: nameOf(pair.images),
      masks: nameOf(pair.masks),
      allowUnpaired: true,
    })
    const survey = await surveyMasks(files.slice(0, 3).map(({ mask }) => mask)).catch((error: unknown) => {
      if (error instanceof UserError) return undefined
      throw error
    })
    if (survey !== undefined && survey.pixels.size <= 64) return pair
  }
  throw new UserError('folders pair by name, but none of them holds masks', {
    file: root,
    hint: 'Name the folders with --images and --masks.',
    code: 'no-dataset',
  })
}
