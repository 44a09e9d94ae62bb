import '@vscode-elements/elements/dist/vscode-option/index.js'
import '@vscode-elements/elements/dist/vscode-single-select/index.js'
import type { VscodeSingleSelect } from '@vscode-elements/elements/dist/vscode-single-select/index.js'
import { html, type TemplateResult } from 'lit'
import type { ScoreName } from '../../../src/protocol/curvesMessages.ts'
import { text } from '../../shared/texts.ts'
import type { Settings, ShownScore } from '../model/settings.ts'
import type { Stroke } from '../plot/palette.ts'
import { swatch } from './swatch.ts'
import { paceText, shownScoreText } from './words.ts'

export function lossHeading(isSmoothed: boolean): TemplateResult {
  return html`
    <h2>${text('Loss')}</h2>
    <span class="heading-note"
      >${isSmoothed ? text('Line: training, smoothed · points: validation') : text('Line: training · points: validation')}</span
    >
  `
}

const scoreNames: readonly ScoreName[] = ['mIoU', 'dice', 'pixelAccuracy']

/**
 * @param classes names of the classes of any run  @param focused run whose classes are shown where every class is
 * @param classStrokes with their names, where every class is shown
 */
export function scoreHeading(
  { score }: Settings,
  primary: ScoreName,
  classes: readonly string[],
  focused: string,
  classStrokes: readonly (readonly [name: string, stroke: Stroke])[],
  onChoose: (score: ShownScore) => void,
): TemplateResult {
  const scores: readonly ShownScore[] = [
    ...scoreNames.map((name) => ({ kind: 'score', name }) as const),
    ...(classes.length === 0 ? [] : [{ kind: 'every class' } as const]),
    ...classes.map((name) => ({ kind: 'class', name }) as const),
  ]
  const options = scores.map((each) => [JSON.stringify(each), shownScoreText(each, primary)] as const)
  const chosen = score.kind === 'primary' ? { kind: 'score', name: primary } : score
  return html`
    <h2 class="hidden-text">${text('Scores')}</h2>
    ${choice(text('Score'), options, JSON.stringify(chosen), (value) => {
      onChoose(JSON.parse(value) as ShownScore)
    })}
    <span class="heading-note">${score.kind === 'every class' ? focused : text('of the validation')}</span>
    ${classStrokes.map(([name, stroke]) => html`<span class="class-label">${swatch(stroke)}${name}</span>`)}
  `
}

export function paceHeading({ pace }: Settings, onChoose: (pace: Settings['pace']) => void): TemplateResult {
  const options = (['lr', 'gradNorm'] as const).map((each) => [each, paceText(each)] as const)
  return html`
    <h2 class="hidden-text">${paceText(pace)}</h2>
    ${choice(text('Shown beside loss and score'), options, pace, (value) => {
      onChoose(value === 'lr' ? 'lr' : 'gradNorm')
    })}
  `
}

function choice(
  label: string,
  options: readonly (readonly [value: string, label: string])[],
  chosen: string,
  onChoose: (value: string) => void,
): TemplateResult {
  return html`
    <vscode-single-select
      label=${label}
      title=${label}
      @change=${(event: Event) => {
        onChoose((event.target as VscodeSingleSelect).value)
      }}
    >
      ${options.map(
        ([value, words]) => html`<vscode-option value=${value} ?selected=${value === chosen}>${words}</vscode-option>`,
      )}
    </vscode-single-select>
  `
}
