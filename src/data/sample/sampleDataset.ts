import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { encode } from 'fast-png'
import { UserError } from '../../core/errors.ts'
import { stream, type RandomStream } from '../../core/random.ts'
import { classColors } from '../classColors.ts'
import { palettePng } from '../palettePng.ts'
import { drawScene, paintGround, type Scene } from './scene.ts'
import { drawColor, paintShape, place, shapes } from './shapes.ts'

const imagesPerScene = 6

export interface SampleDatasetOptions {
  readonly seed?: number
  /** Number of pictures (default 60). */
  readonly count?: number
  /** Height and width in pixels (default 160). */
  readonly size?: number
}

/** What a project file says about the generated data. */
export interface SampleDataset {
  readonly dataset: {
    readonly images: 'images'
    readonly masks: 'masks'
    readonly classes: readonly { readonly id: number; readonly name: string; readonly color: string }[]
    readonly ignore_index: null
  }
  /** Regular expression on file names whose first group is the scene. */
  readonly groupPattern: string
  /** File names, the same in both folders. */
  readonly names: readonly string[]
}

/**
 * Writes `images/` and `masks/` (palette PNG) with four textured shapes on a wavy, noisy ground, in scenes of six pictures.
 * Shapes are of unequal frequency and of overlapping colours: texture and form must be learned. The same seed gives the same bytes.
 * @param folder made if missing
 * @throws UserError when there are files in the way
 */
export async function writeSampleDataset(
  folder: string,
  { seed = 0, count = 60, size = 160 }: SampleDatasetOptions = {},
): Promise<SampleDataset> {
  const classes = [
    { id: 0, name: 'background', color: '#000000' },
    ...shapes.map(({ name, color }, i) => ({ id: i + 1, name, color })),
  ]
  const colors = classColors(classes.map(({ color }) => color))
  const names: string[] = []
  for (const part of ['images', 'masks']) await emptyFolder(join(folder, part))
  const holders = shapes.map(({ share }, i) => drawHolders(stream(seed, 'holders', i), count, share))
  for (let index = 0; index < count; index++) {
    const sceneNumber = Math.floor(index / imagesPerScene)
    const scene = drawScene(stream(seed, 'scene', sceneNumber))
    const held = shapes.filter((_, i) => holders[i].has(index))
    const { image, mask } = drawPicture(scene, held, size, stream(seed, 'picture', index))
    const name = `scene${String(sceneNumber).padStart(2, '0')}_${String(index).padStart(4, '0')}.png`
    await writeFile(
      join(folder, 'images', name),
      encode({ width: size, height: size, data: image, depth: 8, channels: 3 }),
    )
    await writeFile(join(folder, 'masks', name), palettePng(mask, { height: size, width: size }, colors))
    names.push(name)
  }
  return {
    dataset: { images: 'images', masks: 'masks', classes, ignore_index: null },
    groupPattern: '^(scene\\d+)_',
    names,
  }
}

async function emptyFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  if ((await readdir(folder)).length > 0) {
    throw new UserError('this folder is not empty', {
      file: folder,
      hint: 'Name a new folder for the sample data set.',
      code: 'folder-not-empty',
    })
  }
}

/** Which pictures hold a shape: an exact share, so that rare classes are there in small sets too. */
function drawHolders(random: RandomStream, count: number, share: number): ReadonlySet<number> {
  const order = random.shuffle(Array.from({ length: count }, (_, index) => index))
  return new Set(order.slice(0, Math.max(1, Math.round(count * share))))
}

function drawPicture(
  scene: Scene,
  held: typeof shapes,
  size: number,
  random: RandomStream,
): { image: Uint8Array; mask: Uint8Array } {
  const levels = new Float64Array(size * size * 3)
  const mask = new Uint8Array(size * size)
  paintGround(levels, size, scene, random)
  const placed: NonNullable<ReturnType<typeof place>>[] = []
  // Rare shapes first: when the picture is full, a common one is left out.
  for (const shape of held.toReversed()) {
    const placement = place(placed, size, random)
    if (placement === undefined) continue
    placed.push(placement)
    paintShape(levels, mask, size, shape, drawColor(shape, random), placement)
  }
  const image = Uint8Array.from(levels, (level) =>
    Math.min(255, Math.max(0, Math.round(level * scene.brightness + 9 * random.normal()))),
  )
  return { image, mask }
}
