import type { ClassShape, DatasetSummary, PartSummary } from '../../data/scan/summary.ts'
import { shortNumber } from './svgCurve.ts'

/** A titled table: drawn as text on a terminal, as HTML in a page. */
export interface Section {
  readonly title: string
  readonly header: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** Every figure of a data set but those that are pictures. */
export function edaSections(summary: DatasetSummary): readonly Section[] {
  return [
    classSection(summary),
    channelSection(summary),
    { title: 'Image sizes', header: ['width', 'height', 'images'], rows: summary.imageSizes.map(({ width, height, images }) => [width, height, images].map(String)) }, // prettier-ignore
    { title: 'Objects (connected pixels of a class)', header: ['class', 'objects', 'smallest', 'largest', 'thin', 'pixels, by powers of two'], rows: summary.shapes.map(objectRow) }, // prettier-ignore
    ...partsSection('Validation images of each fold', 'fold', foldRows(summary), summary),
    ...partsSection('Groups', 'group', summary.groups.map((part) => [part.group, part]), summary), // prettier-ignore
    coOccurrenceSection(summary),
  ].filter(({ rows }) => rows.length > 0)
}

function classSection({ classes, ignored, images }: DatasetSummary): Section {
  const total = classes.reduce((sum, { pixels }) => sum + pixels, 0)
  const share = (pixels: number): string => (total === 0 ? '–' : `${((100 * pixels) / total).toFixed(2)} %`)
  const rows = classes.map((one) => [String(one.id), one.name, String(one.pixels), share(one.pixels), String(one.images)]) // prettier-ignore
  const last = [ignored.id === null ? '–' : String(ignored.id), '(ignored)', String(ignored.pixels), '–', String(ignored.images)] // prettier-ignore
  return {
    title: `Classes in ${images} images`,
    header: ['id', 'class', 'pixels', 'share', 'images'],
    rows: ignored.pixels > 0 ? [...rows, last] : rows,
  }
}

function channelSection({ channels, mean = [], std = [] }: DatasetSummary): Section {
  const names = channels === 'L' ? ['gray'] : ['red', 'green', 'blue']
  return {
    title: 'Channels (values 0 … 1, all pixels pooled)',
    header: ['channel', 'mean', 'standard deviation'],
    rows: mean.map((value, index) => [names[index], value.toFixed(6), std[index].toFixed(6)]),
  }
}

function objectRow({ name, objects }: ClassShape): readonly string[] {
  const { count, smallest, largest, thin, sizes } = objects
  const first = sizes.findIndex((number) => number > 0)
  const bins = sizes.slice(Math.max(0, first)).map((number, index) => `${2 ** (first + index)}: ${number}`)
  return [name, ...[count, smallest, largest, thin].map(String), bins.join(' · ')]
}

function foldRows({ folds }: DatasetSummary): readonly (readonly [string, PartSummary])[] {
  return folds.map(({ fold, validation }) => [String(fold), validation])
}

/** Pixel shares (and numbers of images) of each class in parts of the data set. */
function partsSection(
  title: string,
  what: string,
  parts: readonly (readonly [string, PartSummary])[],
  { classes }: DatasetSummary,
): readonly Section[] {
  const rows = parts.map(([name, part]) => {
    const total = part.classes.reduce((sum, { pixels }) => sum + pixels, 0)
    const cells = part.classes.map(({ pixels, images }) => {
      const share = total === 0 ? 0 : (100 * pixels) / total
      return `${shortNumber(share)} % (${images})`
    })
    return [name, String(part.images), ...cells]
  })
  return [{ title: `${title}: share of pixels (images)`, header: [what, 'images', ...classes.map(({ name }) => name)], rows }] // prettier-ignore
}

function coOccurrenceSection({ classes, coOccurrence }: DatasetSummary): Section {
  return {
    title: 'Images that show both classes',
    header: ['', ...classes.map(({ name }) => name)],
    rows: coOccurrence.map((row, index) => [classes[index].name, ...row.map(String)]),
  }
}
