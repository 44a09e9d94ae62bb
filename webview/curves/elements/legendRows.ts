import type { PlacedCurve } from '../model/curvesModel.ts'
import { readout } from '../model/readout.ts'
import type { Settings } from '../model/settings.ts'
import { strokeOf, type Palette } from '../plot/palette.ts'
import type { LegendRow } from './legend.ts'
import { phaseIcon, standingText } from './words.ts'

/** @param x place of the crosshair; undefined: the last values */
export function legendRows(
  all: readonly PlacedCurve[],
  settings: Settings,
  palette: Palette,
  x: number | undefined,
): readonly LegendRow[] {
  return all
    .filter(({ curve }) => settings.hasReferences || !curve.facts.isReference)
    .map(({ curve, slot }) => {
      const { step, epoch } = readout(curve, settings, x)
      const { isReference, phase, trouble, conditions } = curve.facts
      return {
        key: curve.key,
        name: curve.name,
        stroke: strokeOf(palette, { kind: isReference ? 'reference' : 'run', slot }),
        isShown: !settings.hidden.includes(curve.key) && !curve.isGone,
        isFocused: curve.key === settings.focused,
        isGone: curve.isGone,
        isReference,
        hasTrouble: trouble !== undefined,
        icon: curve.isGone ? 'trash' : phaseIcon(phase),
        standing: standingText(curve),
        conditions,
        loss: step.smoothedLoss,
        score: epoch.score,
      }
    })
}
