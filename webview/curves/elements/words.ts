import type { RunFacts, ScoreName } from '../../../src/protocol/curvesMessages.ts'
import { text } from '../../shared/texts.ts'
import type { ChartName } from '../model/chartLines.ts'
import { clockText, countText, epochText, numberText, scoreText } from '../model/numberTexts.ts'
import type { Readout } from '../model/readout.ts'
import type { Axis, RunCurve } from '../model/runCurve.ts'
import type { Settings, ShownScore } from '../model/settings.ts'

export function axisText(axis: Axis): string {
  switch (axis) {
    case 'step':
      return text('Step')
    case 'epoch':
      return text('Epoch')
    case 'seconds':
      return text('Time')
    default:
      return axis satisfies never
  }
}

export function scoreNameText(name: ScoreName): string {
  switch (name) {
    case 'mIoU':
      return 'mIoU'
    case 'dice':
      return 'Dice'
    case 'pixelAccuracy':
      return text('Pixel accuracy')
    default:
      return name satisfies never
  }
}

/** @param primary the score of projects that is meant by it */
export function shownScoreText(score: ShownScore, primary: ScoreName): string {
  switch (score.kind) {
    case 'primary':
      return scoreNameText(primary)
    case 'score':
      return scoreNameText(score.name)
    case 'class':
      return text('IoU of {0}', score.name)
    case 'every class':
      return text('IoU of every class')
    default:
      return score satisfies never
  }
}

export function paceText(pace: Settings['pace']): string {
  return pace === 'lr' ? text('Learning rate') : text('Gradient norm')
}

export function chartText(chart: ChartName, { score, pace }: Settings, primary: ScoreName): string {
  switch (chart) {
    case 'loss':
      return text('Loss')
    case 'score':
      return shownScoreText(score, primary)
    case 'pace':
      return paceText(pace)
    default:
      return chart satisfies never
  }
}

export function phaseText(phase: RunFacts['phase']): string {
  switch (phase) {
    case 'running':
      return text('training')
    case 'finished':
      return text('finished')
    case 'stopped':
      return text('stopped')
    case 'failed':
      return text('failed')
    case 'interrupted':
      return text('interrupted')
    default:
      return phase satisfies never
  }
}

/** The icons of the runs view. */
export function phaseIcon(phase: RunFacts['phase']): string {
  switch (phase) {
    case 'running':
      return 'sync'
    case 'finished':
      return 'pass'
    case 'stopped':
      return 'debug-stop'
    case 'failed':
      return 'error'
    case 'interrupted':
      return 'warning'
    default:
      return phase satisfies never
  }
}

/** What is worth knowing of a run under its name: how far it is, or what became of it. */
export function standingText(curve: RunCurve): string {
  if (curve.isGone) return text('deleted')
  const { phase, trouble, epochs, isReference } = curve.facts
  const epoch = curve.epoch('epoch').at(-1) ?? 0
  const parts = [
    ...(isReference ? [text('baseline')] : []),
    phaseText(phase),
    ...(curve.isEmpty
      ? [phase === 'running' ? text('no step yet') : text('no steps')]
      : [text('epoch {0}', epochs === undefined || epochs === 0 ? epoch : `${epoch}/${epochs}`)]),
  ]
  return `${parts.join(' · ')}${trouble === undefined ? '' : `: ${trouble}`}`
}

/** `step 120 · epoch 10 · 0:34` */
export function placeText({ step, epoch }: Readout, chart: ChartName): string {
  const place = chart === 'score' ? epoch : step
  return [
    text('step {0}', countText(place.step)),
    text('epoch {0}', epochText(place.epoch)),
    clockText(place.seconds),
  ].join(' · ')
}

/** The numbers of a run at one place, each with its name; what was not measured is left out. */
export function readings(
  { step, epoch }: Readout,
  settings: Settings,
  primary: ScoreName,
): readonly (readonly [name: string, value: string])[] {
  const { score } = settings
  const scoreLabel = score.kind === 'every class' ? scoreNameText(primary) : shownScoreText(score, primary)
  const values: readonly (readonly [string, number, (value: number) => string])[] = [
    [text('Training loss'), step.loss, numberText],
    ...(settings.smoothing === 0 ? [] : [[text('Smoothed'), step.smoothedLoss, numberText] as const]),
    [text('Validation loss'), epoch.validLoss, numberText],
    [scoreLabel, epoch.score, scoreText],
    [text('Learning rate'), step.lr, numberText],
    [text('Gradient norm'), step.gradNorm, numberText],
  ]
  return values.filter(([, value]) => !Number.isNaN(value)).map(([name, value, say]) => [name, say(value)])
}
