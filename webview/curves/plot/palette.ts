import { isHighContrast } from '../../shared/surroundings.ts'
import type { Owner } from '../model/chartLines.ts'

/** How a line looks, apart from its colour: runs are told apart without colours too. */
export const markers = ['circle', 'square', 'diamond', 'triangle', 'inverted triangle', 'cross'] as const
export type Marker = (typeof markers)[number]

export interface Stroke {
  readonly color: string
  /** CSS pixels of line and gap in turn; empty for a line without gaps. */
  readonly dashes: readonly number[]
  readonly marker: Marker
}

/** The colours of the theme as charts need them. */
export interface Palette {
  readonly text: string
  readonly grid: string
  readonly background: string
  readonly font: string
  readonly isHighContrast: boolean
  readonly runs: readonly string[]
  readonly reference: string
}

/** VS Code's own order of chart colours begins with blue. https://code.visualstudio.com/api/references/theme-color#charts-colors */
const hues = ['blue', 'orange', 'green', 'red', 'purple', 'yellow'] as const
const dashPatterns: readonly (readonly number[])[] = [[], [7, 3], [2, 2], [8, 3, 2, 3]]
const referenceDashes: readonly (readonly number[])[] = [
  [5, 4],
  [1, 3],
  [9, 4],
  [5, 3, 1, 3],
]

export function readPalette(): Palette {
  const style = getComputedStyle(document.body)
  const color = (name: string, otherwise: string): string => {
    const value = style.getPropertyValue(`--vscode-${name}`).trim()
    return value === '' ? otherwise : value
  }
  const foreground = color('foreground', '#808080')
  const isContrasting = isHighContrast()
  return {
    text: color('descriptionForeground', foreground),
    grid: isContrasting ? color('contrastBorder', foreground) : color('charts-lines', 'rgba(128, 128, 128, 0.5)'),
    background: color('editor-background', 'transparent'),
    font: `11px ${color('font-family', 'sans-serif')}`,
    isHighContrast: isContrasting,
    // Some themes give translucent chart colours, made for other uses: no line could be seen in them.
    runs: hues.map((hue) => opaque(color(`charts-${hue}`, foreground))),
    reference: isContrasting ? foreground : color('descriptionForeground', foreground),
  }
}

const probe = document.createElement('canvas').getContext('2d')!

/** The same colour without transparency. A canvas writes every colour that CSS knows as `#rrggbb` or `rgba(r, g, b, a)`. */
function opaque(color: string): string {
  probe.fillStyle = color
  const channels = /^rgba\((\d+), (\d+), (\d+),/.exec(probe.fillStyle)
  return channels === null ? color : `rgb(${channels[1]}, ${channels[2]}, ${channels[3]})`
}

/** 24 runs look different from each other, also where colours cannot be told apart. */
export function strokeOf({ runs, reference, isHighContrast }: Palette, owner: Owner): Stroke {
  const { kind, slot } = owner
  const marker = markers[slot % markers.length]
  switch (kind) {
    case 'run': {
      const round = Math.floor(slot / runs.length)
      // Dashes make dense lines harder to read: where colours speak, they wait for the second round of colours.
      const pattern = isHighContrast ? slot + round : round
      return { color: runs[slot % runs.length], dashes: dashPatterns[pattern % dashPatterns.length], marker }
    }
    case 'reference':
      return { color: reference, dashes: referenceDashes[slot % referenceDashes.length], marker }
    case 'class':
      return { color: runs[slot % runs.length], dashes: dashPatterns[Math.floor(slot / runs.length) % 4], marker }
    default:
      return kind satisfies never
  }
}
