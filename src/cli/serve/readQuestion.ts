import { UserError } from '../../core/errors.ts'
import { questionSchema, type Question } from '../../protocol/questions.ts'
import type { Line } from './lines.ts'

/** A question, or what is wrong with the line and on which id to say so: 0 where it does not tell. */
export type ReadQuestion =
  { readonly question: Question } | { readonly question: undefined; readonly id: number; readonly error: UserError }

export function readQuestion(line: Line): ReadQuestion {
  if (line === undefined) return unreadable(0, 'the line is too long')
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return unreadable(0, 'the line is not JSON')
  }
  const parsed = questionSchema.safeParse(value)
  if (parsed.success) return { question: parsed.data }
  const { path, message } = parsed.error.issues[0]
  return unreadable(idOf(value), `${path.map(String).join('.') || 'the line'}: ${message}`)
}

function unreadable(id: number, reason: string): ReadQuestion {
  const error = new UserError(`This question cannot be read: ${reason}.`, { code: 'unreadable-question' })
  return { question: undefined, id, error }
}

function idOf(value: unknown): number {
  const id = typeof value === 'object' && value !== null && 'id' in value ? value.id : undefined
  return typeof id === 'number' && Number.isSafeInteger(id) && id >= 0 ? id : 0
}
