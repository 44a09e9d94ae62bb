import { messageWithPlace, UserError } from '../../core/errors.ts'
import type { Answer } from '../../protocol/questions.ts'

/** The answer to a question that could not be answered; a bug leaves its stack on stderr. */
export function failureAnswer(id: number, error: unknown): Answer {
  if (error instanceof UserError) {
    const { hint, code = 'user-error' } = error.details
    return { id, type: 'failed', message: messageWithPlace(error), ...(hint === undefined ? {} : { hint }), code }
  }
  const isError = error instanceof Error
  process.stderr.write(`${isError ? (error.stack ?? error.message) : String(error)}\n`)
  return { id, type: 'failed', message: isError ? error.message : String(error), code: 'bug' }
}
