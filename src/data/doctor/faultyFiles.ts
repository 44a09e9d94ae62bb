import { maskName } from '../masks/maskSource.ts'
import { describeUserError, messageWithPlace, type UserError } from '../../core/errors.ts'
import { countValues } from '../decodeMask.ts'
import type { MaskRules } from '../maskRules.ts'
import { readMaskPixels, type MaskPixels } from '../maskPixels.ts'
import { summarizeWarnings } from '../fileWarnings.ts'
import { someOf, type Check, type Finding } from './finding.ts'

/** Undeclared values of a mask from which on it looks compressed rather than wrongly declared. */
const manyValues = 8
/** Levels of a channel by which rounding may change a colour. */
const rounding = 2

/** Files that cannot be used, one finding each; masks with values of no class say what has probably happened to them. */
export const faultyFiles: Check = async ({ scans, rules }) => {
  const findings: Finding[] = []
  for (const { pair, faults } of scans)
    for (const fault of faults)
      findings.push(
        fault.details.code === 'undeclared-class' && typeof pair.mask === 'string'
          ? await undeclared(pair.mask, rules, fault)
          : unusable(fault),
      )
  return findings
}

/** Images and masks without partner. */
export const unpaired: Check = ({ pairing }) => {
  const { imagesWithoutMask: images, masksWithoutImage: masks } = pairing
  const findings: Finding[] = []
  if (images.length > 0)
    findings.push({
      code: 'missing-mask',
      severity: 'error',
      message: `${images.length} images have no mask: ${someOf(images)}.`,
      files: images,
      why: 'Nobody has labelled them; training refuses to guess whether they were forgotten.',
      remedy: 'Add the masks, or move the images to another folder.',
    })
  if (masks.length > 0)
    findings.push({
      code: 'missing-image',
      severity: 'note',
      message: `${masks.length} masks belong to no image: ${someOf(masks)}.`,
      files: masks,
      why: 'An image may have been lost or renamed.',
      remedy: 'Add the images, or remove the masks.',
    })
  return findings
}

/** Files and names that are unusual, yet read. */
export const oddFiles: Check = ({ pairing }) =>
  pairing.oddities.map((sentence) => ({
    code: 'odd-file',
    severity: 'note',
    message: sentence,
    files: [],
    why: 'On another machine, or to another program, the data set may look otherwise.',
    remedy: 'Rename, convert or remove it.',
  }))

/** What was decided in reading files, where another decision was possible. */
export const readingChoices: Check = ({ scans }) => {
  const found = scans.flatMap(({ pair, image, mask }) => [
    { file: pair.image, warnings: image?.warnings ?? [] },
    { file: maskName(pair.mask), warnings: mask?.warnings ?? [] },
  ])
  return summarizeWarnings(found).map((sentence): Finding => {
    const files = found.filter(({ warnings }) => warnings.some((warning) => sentence.endsWith(warning)))
    return {
      code: 'reading-choice',
      severity: 'note',
      message: sentence,
      files: files.map(({ file }) => file),
      why: 'The files could be meant otherwise.',
      remedy:
        'Look at one of them; say in "dataset" of foldwise/project.jsonc what is meant, or export the files again.',
    }
  })
}

function unusable(fault: UserError): Finding {
  const { code = 'unusable-file', file, hint = 'Mend or remove the file.' } = fault.details
  return {
    code,
    severity: 'error',
    message: messageWithPlace(fault),
    files: file === undefined ? [] : [file],
    why: 'Training refuses a data set with files that it cannot read as they are meant.',
    remedy: hint,
  }
}

async function undeclared(path: string, rules: MaskRules, fault: UserError): Promise<Finding> {
  const finding = { ...unusable(fault), message: describeUserError(fault).split('\n  to do:')[0] }
  const pixels = await readMaskPixels(path)
  const values = strangersOf(pixels, rules)
  if (pixels.kind === 'color' && values.every((value) => isNearDeclared(value, rules)))
    return {
      ...finding,
      code: 'color-off',
      why: `Every undeclared colour is within ${rounding} levels of a declared one: something has rounded the colours on the way.`,
      remedy:
        'Write the colours of "classes" in foldwise/project.jsonc as they are in the masks, or export the masks again.',
    }
  if (values.length >= manyValues)
    return {
      ...finding,
      code: 'smeared-mask',
      why: `${values.length} different values of no class: this mask seems to have been saved as JPEG, or resized or drawn with smooth edges; the values between two classes mean nothing.`,
      remedy:
        'Export the masks again as PNG, without smoothing, from where they were drawn; rounding these would keep wrong labels.',
    }
  return finding
}

/** Values (or colours) that occur and are declared neither as id nor as colour. */
function strangersOf({ values, kind }: MaskPixels, { classes, ignoreIndex }: MaskRules): readonly number[] {
  const colors = declaredColors(classes.colors)
  const isDeclared = (value: number): boolean =>
    kind === 'color' ? colors.includes(value) : classes.indexOf.has(value) || value === ignoreIndex
  return [...countValues(values).keys()].filter((value) => !isDeclared(value))
}

function declaredColors(colors: MaskRules['classes']['colors']): readonly number[] {
  return colors.flatMap((color) => (color === undefined ? [] : [Number.parseInt(color.slice(1), 16)]))
}

function isNearDeclared(color: number, { classes }: MaskRules): boolean {
  return declaredColors(classes.colors).some((declared) =>
    [16, 8, 0].every((shift) => Math.abs(((color >> shift) & 255) - ((declared >> shift) & 255)) <= rounding),
  )
}
