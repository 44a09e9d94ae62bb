import type { Point } from '../model/zoom.ts'
import { act } from './actionEvent.ts'

/** Of a wheel's notch, some 100 pixels: a quarter more; of a pinch on a touch pad, ten times as much per pixel. */
const wheelStrength = 0.0022
const pinchStrength = 0.01
const pixelsPerLine = 16

/** What hands do with a pane: the wheel and two fingers magnify, one finger or the mouse drags, a double click fits. */
export class PaneGestures {
  private readonly stage: HTMLElement
  /** Pressed pointers, in CSS pixels of the stage. */
  private readonly pressed = new Map<number, Point>()

  constructor(stage: HTMLElement) {
    this.stage = stage
    // Not passive: the page must not scroll at the same time.
    stage.addEventListener('wheel', this.onWheel, { passive: false })
    stage.addEventListener('pointerdown', this.onDown)
    stage.addEventListener('pointermove', this.onMove)
    stage.addEventListener('pointerup', this.onUp)
    stage.addEventListener('pointercancel', this.onUp)
    stage.addEventListener('dblclick', () => {
      act(stage, { type: 'fit' })
    })
  }

  private readonly onWheel = (event: WheelEvent): void => {
    event.preventDefault()
    const pixels = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? event.deltaY : event.deltaY * pixelsPerLine
    const factor = Math.exp(-pixels * (event.ctrlKey ? pinchStrength : wheelStrength))
    act(this.stage, { type: 'zoom', factor, at: this.pointOf(event) })
  }

  private readonly onDown = (event: PointerEvent): void => {
    if (event.button !== 0) return
    this.stage.setPointerCapture(event.pointerId)
    this.pressed.set(event.pointerId, this.pointOf(event))
  }

  private readonly onMove = (event: PointerEvent): void => {
    const before = this.pressed.get(event.pointerId)
    if (before === undefined) return
    const now = this.pointOf(event)
    const other = [...this.pressed].find(([id]) => id !== event.pointerId)?.[1]
    this.pressed.set(event.pointerId, now)
    if (other === undefined) {
      act(this.stage, { type: 'pan', by: { x: now.x - before.x, y: now.y - before.y } })
      return
    }
    const factor = distance(now, other) / Math.max(1, distance(before, other))
    act(this.stage, { type: 'zoom', factor, at: { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 } })
  }

  private readonly onUp = (event: PointerEvent): void => {
    this.pressed.delete(event.pointerId)
  }

  private pointOf({ clientX, clientY }: MouseEvent): Point {
    const { left, top } = this.stage.getBoundingClientRect()
    return { x: clientX - left, y: clientY - top }
  }
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y)
}
