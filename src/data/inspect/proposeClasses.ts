import type { Project } from '../../core/projectSchema.ts'
import type { ClassList } from './classList.ts'
import type { MaskSurvey } from './surveyMasks.ts'

type Dataset = Project['dataset']

/** Classes as far as the masks and the class list tell, with the reasons. */
export interface ClassProposal {
  readonly classes: Dataset['classes']
  readonly ignore_index: Dataset['ignore_index']
  readonly mask_encoding: Dataset['mask_encoding']
  readonly sentences: readonly string[]
}

const ignoredNames = /^(un-?labell?ed|void|ignored?|unknown|unannotated|don'?t.?care)$/i
const colorLimit = 255

export function proposeClasses(survey: MaskSurvey, list: ClassList | undefined): ClassProposal {
  if (survey.kind === 'color') return byColor(survey, list)
  const values = [...survey.pixels.keys()]
  const kind = survey.kind === 'palette' ? 'palette indices' : 'grey values'
  const shown = values.length > 12 ? `${values.slice(0, 12).join(', ')} … ${values.at(-1) ?? ''}` : values.join(', ')
  const sentences = [`${survey.masks} masks were read; they hold the ${kind} ${shown}.`]
  const isBinary = values.length === 2 && values[0] === 0 && values[1] === 255
  const named = namesFor(values, list, isBinary)
  if (list !== undefined)
    sentences.push(
      named.size > 0
        ? `Names come from ${list.file}.`
        : `${list.file} names other ids than the masks hold and was not used.`,
    )
  if (isBinary) sentences.push('The masks hold 0 and 255 only: 255 is the second class, not an ignored value.')
  const ignored = ignoredValue(values, named, list, isBinary)
  if (ignored !== undefined) sentences.push(`${ignored.value} is ignored: ${ignored.reason}.`)
  const ids = [...new Set([...values, ...named.keys()])].filter((id) => id !== ignored?.value).sort((a, b) => a - b)
  const classes = ids.map((id) => {
    const color = named.get(id)?.color ?? (survey.kind === 'palette' ? survey.palette[id] : undefined)
    return {
      id,
      name: named.get(id)?.name ?? defaultName(id, isBinary),
      ...(color === undefined ? {} : { color: colorText(color) }),
    }
  })
  if (survey.kind === 'palette') sentences.push('Colours come from the palette of the masks.')
  return {
    classes,
    ignore_index: ignored?.value ?? null,
    mask_encoding: encodingOf(survey.kind),
    sentences: [...sentences, sharesText(survey, classes)],
  }
}

type Named = ReadonlyMap<number, { readonly name: string; readonly color: number | undefined }>

/** Names by mask value; empty where the list is about other values. */
function namesFor(values: readonly number[], list: ClassList | undefined, isBinary: boolean): Named {
  if (list === undefined) return new Map()
  const sorted = list.classes.toSorted((a, b) => a.id - b.id)
  const ids = sorted.map(({ id }) => id)
  // Binary masks are often listed as 0 and 1 while the files hold 0 and 255.
  if (isBinary && sorted.length === 2 && ids[0] === 0 && ids[1] === 1) return new Map([[0, sorted[0]], [255, sorted[1]]]) // prettier-ignore
  const isAboutThese = values.every((value) => ids.includes(value) || value === list.ignoreIndex || value === 255)
  return isAboutThese ? new Map(sorted.map((one) => [one.id, one])) : new Map()
}

function ignoredValue(
  values: readonly number[],
  named: Named,
  list: ClassList | undefined,
  isBinary: boolean,
): { readonly value: number; readonly reason: string } | undefined {
  const listed = list?.ignoreIndex ?? null
  if (list !== undefined && listed !== null && named.size > 0) return { value: listed, reason: `${list.file} says so` }
  const byName = [...named].find(([, { name }]) => ignoredNames.test(name))
  if (byName !== undefined) return { value: byName[0], reason: `its name is ${byName[1].name}` }
  const isLone255 = !isBinary && values.includes(255) && !named.has(255) && values.length > 2 && !values.includes(254)
  return isLone255 ? { value: 255, reason: 'it stands apart from the other ids, as ignored borders do' } : undefined
}

function byColor(survey: MaskSurvey, list: ClassList | undefined): ClassProposal {
  const byPixels = [...survey.pixels].sort(([, a], [, b]) => b - a).map(([color]) => color)
  const sentences = [`${survey.masks} masks were read; they hold ${byPixels.length} colours.`]
  if (byPixels.length > colorLimit)
    sentences.push(
      'So many colours are blurred edges or photographs: the masks need exact colours. Only the most frequent are proposed.',
    )
  const named = new Map(
    (list?.classes ?? []).flatMap(({ color, name, id }) =>
      color === undefined ? [] : [[color, { name, id }] as const],
    ),
  )
  const isNamed = byPixels.length > 0 && byPixels.every((color) => named.has(color))
  if (list !== undefined && isNamed) sentences.push(`Names come from ${list.file}.`)
  const classes = isNamed
    ? Array.from(named, ([color, { name, id }]) => ({ id, name, color: colorText(color) }))
    : byPixels.slice(0, colorLimit).map((color, id) => ({ id, name: defaultName(id, false), color: colorText(color) }))
  return { classes, ignore_index: null, mask_encoding: 'color', sentences }
}

function encodingOf(kind: MaskSurvey['kind']): Dataset['mask_encoding'] {
  if (kind === 'gray') return 'index'
  return kind === 'mixed' ? 'auto' : kind
}

function defaultName(id: number, isBinary: boolean): string {
  if (id === 0) return 'background'
  return isBinary ? 'object' : `class ${id}`
}

function colorText(color: number): string {
  return `#${color.toString(16).padStart(6, '0')}`
}

/** How much of the masks each class covers, as a sentence. */
export function sharesText({ pixels, totalPixels }: MaskSurvey, classes: Dataset['classes']): string {
  const percent = (id: number): string => `${((100 * (pixels.get(id) ?? 0)) / totalPixels).toFixed(1)} %`
  const shown = classes.slice(0, 20).map(({ id, name }) => `${id} ${name} ${percent(id)}`)
  return `Share of the pixels: ${shown.join(', ')}${classes.length > 20 ? ', …' : ''}.`
}
