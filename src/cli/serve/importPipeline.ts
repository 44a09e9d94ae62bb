import { getLocation } from 'jsonc-parser'
import { importAlbumentations } from '../../augment/import/importAlbumentations.ts'
import type { AnswerOf, QuestionOf } from '../../protocol/questions.ts'

/**
 * A pipeline as the text that fits where it is pasted: transforms inside the list of `augment`, the list behind its key,
 * elsewhere the key with its list.
 * @throws UserError where the pasted text cannot be read
 */
export function answerImport({ id, pasted, document, offset }: QuestionOf<'import'>): AnswerOf<'import'> {
  const { augment, notes } = importAlbumentations(pasted)
  const place = placeOf(document, offset)
  const comments = notes.map(({ line, text }) => `// ${line}: ${text}`)
  const json = JSON.stringify(place === 'key' ? { augment } : augment, null, 2).split('\n')
  // The brackets of the list, or of the object around the key, are there already.
  const lines = place === 'value' ? json : unindented(json.slice(1, -1))
  const own =
    place === 'value' ? [lines[0], ...comments.map((line) => `  ${line}`), ...lines.slice(1)] : [...comments, ...lines]
  const margin = /(?:^|\n)([ \t]*)[^\n]*$/.exec(document.slice(0, offset))![1]
  return { id, type: 'import', insert: own.join(`\n${margin}`) }
}

function placeOf(document: string, offset: number): 'element' | 'value' | 'key' {
  const { path, isAtPropertyKey } = getLocation(document, offset)
  if (path[0] !== 'augment' || isAtPropertyKey) return 'key'
  return path.length === 1 ? 'value' : 'element'
}

function unindented(lines: readonly string[]): string[] {
  return lines.map((line) => line.slice(2))
}
