/** A curve as SVG, in the colours of VS Code where those are known (a page), in ones that any theme bears elsewhere (a hover). */
export interface Curve {
  /** In the order of x; a y that is not finite leaves a gap. */
  readonly points: readonly (readonly [x: number, y: number])[]
  readonly title: string
  readonly xLabel: string
  readonly yLabel: string
  readonly isLogX?: boolean
  /** A vertical line with its text. */
  readonly mark?: { readonly x: number; readonly label: string } | undefined
}

const [width, height] = [480, 200]
const frame = { left: 64, right: 12, top: 12, bottom: 36 }
const ink = 'var(--vscode-foreground, #808080)'
const line = 'var(--vscode-charts-blue, #3794ff)'
const accent = 'var(--vscode-charts-orange, #d18616)'

/** The values lie within the frame, ends labelled. */
export function svgCurve({ points, title, xLabel, yLabel, isLogX = false, mark }: Curve): string {
  const scaled = (x: number): number => (isLogX ? Math.log10(x) : x)
  const finite = points.filter(([, y]) => Number.isFinite(y))
  const xs = points.map(([x]) => scaled(x))
  const ys = finite.map(([, y]) => y)
  const [left, right] = [Math.min(...xs), Math.max(...xs)]
  const [low, high] = [Math.min(...ys), Math.max(...ys)]
  const place = (value: number, from: number, to: number, start: number, end: number): number =>
    to === from ? (start + end) / 2 : start + ((value - from) / (to - from)) * (end - start)
  const atX = (x: number): number => place(scaled(x), left, right, frame.left, width - frame.right)
  const atY = (y: number): number => place(y, low, high, height - frame.bottom, frame.top)
  const path = points
    .map(([x, y], index) => {
      if (!Number.isFinite(y)) return ''
      const isStart = index === 0 || !Number.isFinite(points[index - 1][1])
      return `${isStart ? 'M' : 'L'}${atX(x).toFixed(1)} ${atY(y).toFixed(1)}`
    })
    .join('')
  const base = height - frame.bottom
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" font-family="sans-serif" font-size="11">`,
    `<title>${escaped(title)}</title>`,
    `<path d="M${frame.left} ${frame.top}V${base}H${width - frame.right}" fill="none" stroke="${ink}" stroke-opacity="0.5"/>`,
    `<path d="${path}" fill="none" stroke="${line}" stroke-width="2" stroke-linejoin="round"/>`,
    ...(mark === undefined ? [] : markLines(atX(mark.x), mark.label)),
    text(frame.left - 6, frame.top + 8, 'end', shortNumber(high)),
    text(frame.left - 6, base, 'end', shortNumber(low)),
    text(frame.left, base + 14, 'start', shortNumber(points[0]?.[0] ?? 0)),
    text(width - frame.right, base + 14, 'end', shortNumber(points.at(-1)?.[0] ?? 0)),
    text((frame.left + width - frame.right) / 2, height - 6, 'middle', xLabel),
    `<text transform="translate(12 ${(frame.top + base) / 2}) rotate(-90)" text-anchor="middle" fill="${ink}">${escaped(yLabel)}</text>`,
    '</svg>',
  ].join('')
}

function markLines(x: number, label: string): readonly string[] {
  const isRight = x > width / 2
  return [
    `<path d="M${x.toFixed(1)} ${frame.top}V${height - frame.bottom}" stroke="${accent}" stroke-dasharray="4 3"/>`,
    text(x + (isRight ? -5 : 5), frame.top + 10, isRight ? 'end' : 'start', label),
  ]
}

function text(x: number, y: number, anchor: 'start' | 'middle' | 'end', content: string): string {
  return `<text x="${x.toFixed(1)}" y="${y}" text-anchor="${anchor}" fill="${ink}">${escaped(content)}</text>`
}

/** Three digits, as short as they can be said. */
export function shortNumber(value: number): string {
  return String(Number(value.toPrecision(3)))
}

export function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
