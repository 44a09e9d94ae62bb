import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { inspectFolder, type Inspection } from '../../data/inspect/inspect.ts'
import { listImageFiles } from '../../data/listFiles.ts'
import type { AnswerOf, QuestionOf } from '../../protocol/questions.ts'

/** What `foldwise init` recognises in a folder. @throws UserError where it recognises no data set */
export async function inspectDataset({
  id,
  folder,
  images,
  masks,
}: QuestionOf<'inspect'>): Promise<AnswerOf<'inspect'>> {
  const root = resolve(folder)
  const inspection = await inspectFolder({ root, images, masks })
  const { dataset, split } = inspection.proposal
  const isTaken = existsSync(join(root, 'foldwise', 'project.jsonc'))
  return {
    id,
    type: 'inspect',
    images: dataset.images,
    masks: dataset.masks,
    pairs: inspection.images,
    unpaired: await unpairedImages(root, inspection),
    classes: dataset.classes.map(({ id: value, name, color }) => ({
      id: value,
      name,
      ...(color === undefined ? {} : { color }),
    })),
    ignoreIndex: dataset.ignore_index,
    sizes: inspection.sizes.map(({ width, height }) => `${width} × ${height}`),
    findings: [
      ...inspection.sentences,
      ...(isTaken ? ['There is a project in this folder already; it will not be replaced.'] : []),
    ],
    split,
    maskEncoding: dataset.mask_encoding,
    // Both folders by name: the search for folders is not repeated and cannot come out otherwise.
    arguments: [
      'init',
      root,
      '--format',
      dataset.format,
      '--images',
      dataset.images,
      '--masks',
      dataset.masks,
      '--yes',
    ],
  }
}

/** Images without a mask; of one folder that holds both, every file that is in no pair. */
async function unpairedImages(root: string, { proposal, images }: Inspection): Promise<number> {
  const [imageFolder, maskFolder] = [join(root, proposal.dataset.images), join(root, proposal.dataset.masks)]
  const { files } = await listImageFiles(root, imageFolder, [maskFolder, join(root, 'foldwise')])
  return files.length - (imageFolder === maskFolder ? 2 * images : images)
}
