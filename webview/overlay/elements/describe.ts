import { text } from '../../shared/texts.ts'
import { wrongShare, type ClassRow } from '../model/classRows.ts'
import type { ErrorKind } from '../model/errorKinds.ts'
import type { PaneName } from '../model/viewState.ts'
import type { ScoredImage } from '../../../src/protocol/overlayMessages.ts'
import type { Predictor } from '../picture/picture.ts'
import { countText, percentText } from './format.ts'

export function paneTitle(pane: PaneName, predictor: Predictor): string {
  switch (pane) {
    case 'image':
      return text('Image')
    case 'truth':
      return text('Truth')
    case 'prediction':
      return predictor === 'own' ? text('Prediction') : text('Baseline’s prediction')
    case 'errors':
      return predictor === 'own' ? text('Errors') : text('Baseline’s errors')
    default:
      return pane satisfies never
  }
}

/** Why a pane is empty. */
export function missingText(pane: PaneName, isTraining: boolean): string {
  const prediction = isTraining
    ? text('Predictions are written when training ends.')
    : text('The run has no prediction of this image.')
  switch (pane) {
    case 'image':
      return ''
    case 'truth':
      return text('There is no mask that can be read.')
    case 'prediction':
      return prediction
    case 'errors':
      return text('Errors need a mask and a prediction.')
    default:
      return pane satisfies never
  }
}

/** What a pane shows, in words: shares of the classes, largest first; for the errors what is wrong. */
export function paneDescription(
  pane: PaneName,
  predictor: Predictor,
  image: ScoredImage,
  rows: readonly ClassRow[],
): string {
  const title = `${paneTitle(pane, predictor)}: ${image.name}`
  // The scores are of this run's predictions.
  if (pane === 'image' || predictor === 'baseline') return title
  if (pane === 'truth') return `${title}. ${shares(rows, ({ truthPixels }) => truthPixels)}`
  if (pane === 'prediction') return `${title}. ${shares(rows, ({ predictedPixels }) => predictedPixels)}`
  const shown = rows.filter(({ isShown }) => isShown)
  if (shown.length === rows.length)
    return `${title}. ${text('{0} of the pixels are wrong.', percentText(wrongShare(image)))}`
  const perClass = shown.map(({ name, fp, fn }) =>
    text('{0}: {1} pixels missed, {2} falsely found', name, countText(fn), countText(fp)),
  )
  return `${title}. ${perClass.join('. ')}`
}

function shares(rows: readonly ClassRow[], pixelsOf: (row: ClassRow) => number): string {
  const all = rows.reduce((sum, row) => sum + pixelsOf(row), 0)
  return rows
    .filter((row) => row.isShown && pixelsOf(row) > 0)
    .toSorted((a, b) => pixelsOf(b) - pixelsOf(a))
    .map((row) => `${row.name} ${percentText(pixelsOf(row) / all)}`)
    .join(', ')
}

/** For a legend, where there is little room. */
export function errorKindName(kind: ErrorKind): string {
  switch (kind) {
    case 'none':
      return ''
    case 'hit':
      return 'TP'
    case 'false':
      return 'FP'
    case 'missed':
      return 'FN'
    case 'confused':
      return text('confused')
    case 'wrong':
      return text('wrong')
    case 'ignored':
      return text('ignored')
    default:
      return kind satisfies never
  }
}

export function errorKindText(kind: ErrorKind): string {
  switch (kind) {
    case 'none':
      return ''
    case 'hit':
      return text('True positives: predicted where it is')
    case 'false':
      return text('False positives: predicted where it is not')
    case 'missed':
      return text('False negatives: not predicted where it is')
    case 'confused':
      return text('One of the shown classes predicted where another of them is')
    case 'wrong':
      return text('Another class predicted than the mask says')
    case 'ignored':
      return text('Pixels that count nowhere')
    default:
      return kind satisfies never
  }
}
