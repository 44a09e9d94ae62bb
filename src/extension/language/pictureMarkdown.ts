import * as vscode from 'vscode'
import type { AnswerOf } from '../../protocol/questions.ts'
import { literal } from './literal.ts'

/** VS Code cuts a Markdown text at 100,000 characters; table and note need some of them. */
const mostImageCharacters = 80_000
const mostClasses = 16
const mostNameCharacters = 60
const mostNoteCharacters = 600

/** Pixels of a picture's longest side, as it is asked for: sharp on dense screens. */
export const longestSide = 320
/** A hover of more than 250 pixels is scrolled. */
const mostHeight = 190

/**
 * A picture with its size, the classes of its mask and a note, as Markdown with HTML. Picture and classes stand side by
 * side: a hover is wide and low.
 * @param name of the file  @param language tag by which numbers are written
 */
export function pictureMarkdown(name: string, answer: AnswerOf<'picture'>, language: string): string {
  const { mimeType, image, width, height, note } = answer
  const isShort = image.length <= mostImageCharacters
  const source = `data:${mimeType};base64,${image}`
  const picture = isShort ? `<img src="${source}" alt="${literal(name)}" height="${shownHeight(answer)}">` : undefined
  const parts = [picture, classTable(answer, language)].filter((part) => part !== undefined)
  const size = vscode.l10n.t('{0} × {1} pixels', width, height)
  return [
    `<b>${literal(name)}</b> — ${size}`,
    ...(parts.length === 0 ? [] : [`<table><tr>${parts.map((part) => `<td>${part}</td>`).join('')}</tr></table>`]),
    ...(note === undefined || note === '' ? [] : [literal(note.slice(0, mostNoteCharacters))]),
  ].join('\n\n')
}

/** Nothing is enlarged. */
function shownHeight({ width, height }: AnswerOf<'picture'>): number {
  const scale = Math.min(1, longestSide / Math.max(width, height))
  return Math.round(Math.min(height * scale, mostHeight))
}

/** What the mask holds, the largest share first; undefined without a mask. */
function classTable({ classes, ignored = 0 }: AnswerOf<'picture'>, language: string): string | undefined {
  const total = classes.reduce((sum, { pixels }) => sum + pixels, ignored)
  if (total === 0) return undefined
  const numbers = new Intl.NumberFormat(language)
  const shares = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 })
  const row = (swatch: string, label: string, pixels: number): string =>
    `<tr><td>${swatch}</td><td>${label}</td>${numberCell(numbers.format(pixels))}${numberCell(shares.format(pixels / total))}</tr>`
  const present = classes.filter(({ pixels }) => pixels > 0).sort((a, b) => b.pixels - a.pixels)
  const rest = present.slice(mostClasses)
  const restPixels = rest.reduce((sum, { pixels }) => sum + pixels, 0)
  const heads = ['', vscode.l10n.t('Class'), vscode.l10n.t('Pixels'), vscode.l10n.t('Share')].map(
    (head) => `<th>${head}</th>`,
  )
  return [
    `<table><tr>${heads.join('')}</tr>`,
    ...present
      .slice(0, mostClasses)
      .map(({ name, color, pixels }) => row(swatchOf(color), literal(name.slice(0, mostNameCharacters)), pixels)),
    ...(rest.length === 0 ? [] : [row('', vscode.l10n.t('{0} more classes', rest.length), restPixels)]),
    ...(ignored === 0 ? [] : [row('', `<i>${vscode.l10n.t('ignored')}</i>`, ignored)]),
    '</table>',
  ].join('')
}

function numberCell(text: string): string {
  return `<td align="right">${text}</td>`
}

/** VS Code allows this one style, written exactly so. */
function swatchOf(color: string): string {
  return /^#[\da-f]{6}$/i.test(color) ? `<span style="background-color:${color};">&nbsp;&nbsp;&nbsp;&nbsp;</span>` : ''
}
