import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decode, encode } from 'fast-png'
import type { ImagePair } from '../src/data/folders.ts'
import { sharp } from '../src/data/imageLibrary.ts'
import { writeSampleDataset, type SampleDataset } from '../src/data/sample/sampleDataset.ts'

export type InputFormat = 'jpeg' | 'png'

export interface InputImages {
  readonly classes: SampleDataset['dataset']['classes']
  readonly pairs: Readonly<Record<InputFormat, readonly ImagePair[]>>
}

/** Pixels: those of CamVid. */
export const [width, height] = [960, 720]
const count = 24

/** Draws pictures of the sample data set as large as a camera's, in both formats, in a folder that goes with the process. */
export async function drawInputImages(): Promise<InputImages> {
  const folder = mkdtempSync(join(tmpdir(), 'foldwise-bench-'))
  process.once('exit', () => {
    rmSync(folder, { recursive: true, force: true })
  })
  const { names, dataset } = await writeSampleDataset(folder, { count, size: width })
  const pairs: Record<InputFormat, ImagePair[]> = { jpeg: [], png: [] }
  for (const name of names) {
    const mask = join(folder, 'masks', name)
    // Grey ids: OpenCV reads a palette as colours.
    writeFileSync(mask, encode({ width, height, channels: 1, data: upperRows(mask, 1) }))
    const square = join(folder, 'images', name)
    const picture = sharp(upperRows(square, 3), { raw: { width, height, channels: 3 } })
    const files = { jpeg: join(folder, `${name}.jpg`), png: square }
    await picture.clone().jpeg({ quality: 90 }).toFile(files.jpeg)
    await picture.clone().png().toFile(files.png)
    for (const format of ['jpeg', 'png'] as const) pairs[format].push({ name, image: files[format], mask })
  }
  return { classes: dataset.classes, pairs }
}

/** The sample's pictures are squares. */
function upperRows(file: string, channels: number): Uint8Array {
  return (decode(readFileSync(file)).data as Uint8Array).subarray(0, width * height * channels)
}
