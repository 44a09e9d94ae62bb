import type { ClassShape, DatasetSummary } from '../../data/scan/summary.ts'
import { edaSections, type Section } from './edaSections.ts'
import { page } from './page.ts'
import { escaped } from './svgCurve.ts'

const cell = 12

/** The figures of a data set as one page that needs nothing else: no scripts, no files beside it. */
export function edaPage(title: string, summary: DatasetSummary): string {
  return page(title, [
    '<style>table{border-collapse:collapse;margin:1em 0}td,th{padding:.15em .6em;text-align:right}td:first-child,th:first-child{text-align:left}figure{display:inline-block;margin:.5em}figure svg{width:auto}</style>',
    ...adviceList(summary),
    ...edaSections(summary).map(htmlTable),
    '<h2>Where the classes lie</h2>',
    ...summary.shapes.filter(({ objects }) => objects.count > 0).map(placesMap),
  ])
}

function adviceList({ advice }: DatasetSummary): readonly string[] {
  if (advice.length === 0) return []
  const items = advice.map(
    ({ text, config }) => `<li>${escaped(text)} <code>${escaped(JSON.stringify(config))}</code></li>`,
  )
  return ['<h2>Worth trying</h2>', `<ul>${items.join('')}</ul>`]
}

function htmlTable({ title, header, rows }: Section): string {
  const line = (cells: readonly string[], tag: 'td' | 'th'): string =>
    `<tr>${cells.map((text) => `<${tag}>${escaped(text)}</${tag}>`).join('')}</tr>`
  return `<h2>${escaped(title)}</h2><table>${line(header, 'th')}${rows.map((row) => line(row, 'td')).join('')}</table>`
}

/** A square whose cells are the darker the more of them the class covers, scaled to its fullest cell. */
function placesMap({ name, places }: ClassShape): string {
  const most = Math.max(...places.flat())
  const side = places.length * cell
  const cells = places.flatMap((row, y) =>
    row.map((share, x) => {
      const opacity = most === 0 ? 0 : share / most
      const percent = `${(100 * share).toFixed(1)} %`
      return `<rect x="${x * cell}" y="${y * cell}" width="${cell}" height="${cell}" fill="#3794ff" fill-opacity="${opacity.toFixed(3)}"><title>${percent}</title></rect>`
    }),
  )
  const caption = `${name}: at most ${(100 * most).toFixed(1)} % of a cell`
  return [
    `<figure><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${side} ${side}" width="${side}" height="${side}" role="img">`,
    `<title>${escaped(caption)}</title>${cells.join('')}<rect width="${side}" height="${side}" fill="none" stroke="#808080"/></svg>`,
    `<figcaption>${escaped(caption)}</figcaption></figure>`,
  ].join('')
}
