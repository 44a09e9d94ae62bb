/** The part of an epoch's validation that a monitor reads; fractions 0 … 1, null where there is none. */
interface MonitoredScores {
  readonly loss: number | null
  readonly mIoU: number | null
  readonly dice: number | null
  readonly pixelAccuracy: number | null
  readonly classes: readonly string[]
  readonly perClassIoU: readonly (number | null)[]
}

const overClasses = ['mIoU', 'dice', 'pixelAccuracy', 'loss'] as const
const perClass = ['IoU', 'dice'] as const

type Monitor =
  | { readonly score: (typeof overClasses)[number] }
  | { readonly score: (typeof perClass)[number]; readonly className: string }

function parsed(monitor: string): Monitor | undefined {
  const score = overClasses.find((name) => name === monitor)
  if (score !== undefined) return { score }
  const ofClass = perClass.find((name) => monitor.startsWith(`${name}:`))
  return ofClass && { score: ofClass, className: monitor.slice(ofClass.length + 1) }
}

/** Every monitor of a project: `mIoU`, `dice`, `pixelAccuracy`, `loss`, `IoU:CLASS`, `dice:CLASS`. */
export function monitorsOf(classes: readonly string[]): readonly string[] {
  return [...overClasses, ...perClass.flatMap((score) => classes.map((name) => `${score}:${name}`))]
}

/** Whether it has the form of a monitor; only the project knows whether the class exists. */
export function isMonitor(monitor: string): boolean {
  return parsed(monitor) !== undefined
}

/** The monitored value of an epoch; null where a class neither occurs nor was predicted. */
export function monitoredValue(scores: MonitoredScores, name: string): number | null {
  const monitor = parsed(name)
  if (monitor === undefined) throw new Error(`"${name}" is no monitor`)
  if (!('className' in monitor)) return scores[monitor.score]
  const iou = scores.perClassIoU[scores.classes.indexOf(monitor.className)] ?? null
  // 2tp / (2tp + fp + fn) from tp / (tp + fp + fn).
  return monitor.score === 'IoU' || iou === null ? iou : (2 * iou) / (1 + iou)
}

/** Whether `value` is better than `best` by more than `least`; what was not measured is never better, and always bettered. */
export function isBetter(monitor: string, value: number | null, best: number | null, least = 0): boolean {
  if (value === null) return false
  if (best === null) return true
  return monitor === 'loss' ? value < best - least : value > best + least
}
