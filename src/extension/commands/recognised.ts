import * as vscode from 'vscode'
import type { AnswerOf } from '../../protocol/questions.ts'

type Inspection = AnswerOf<'inspect'>

/** What the confirmation of a new project shows of the data set: one line each. */
export interface RecognisedLine {
  readonly label: string
  readonly detail: string
}

/** `60 pairs, 5 classes`. */
export function recognisedHeadline({ pairs, classes }: Inspection): string {
  return vscode.l10n.t('{0} images with masks, {1} classes', pairs, classes.length)
}

/** Everything that was recognised, and what is odd, for the person to agree with. */
export function recognisedLines(inspection: Inspection): readonly RecognisedLine[] {
  const { images, masks, unpaired, classes, ignoreIndex, sizes, split, maskEncoding, findings } = inspection
  const ignored = ignoreIndex === null ? '' : vscode.l10n.t('value {0} is ignored', ignoreIndex)
  const names = classes.map(({ id, name }) => `${id} ${name}`).join(', ')
  return [
    { label: vscode.l10n.t('Folders'), detail: vscode.l10n.t('images in {0}, masks in {1}', images, masks) },
    ...(unpaired > 0
      ? [{ label: vscode.l10n.t('Without a Mask'), detail: vscode.l10n.t('{0} images, they are left out', unpaired) }]
      : []),
    { label: vscode.l10n.t('Classes'), detail: [names, ignored].filter((each) => each !== '').join(' · ') },
    { label: vscode.l10n.t('Sizes'), detail: sizes.slice(0, 4).join(', ') + (sizes.length > 4 ? ', …' : '') },
    { label: vscode.l10n.t('Masks Hold'), detail: maskEncoding },
    { label: vscode.l10n.t('Split'), detail: splitText(split) },
    ...findings.map((detail) => ({ label: vscode.l10n.t('Finding'), detail })),
  ]
}

/** `GroupKFold, n_splits 5, group ^(scene\d+)_`: names and values as project.jsonc will have them. */
function splitText({ method, ...rest }: Inspection['split']): string {
  const valueText = (value: unknown): string => {
    if (typeof value === 'object' && value !== null) return Object.values(value).map(valueText).join(' ')
    return String(value)
  }
  const values = Object.entries(rest).map(([key, value]) => `${key} ${valueText(value)}`)
  return [valueText(method), ...values].join(', ')
}
