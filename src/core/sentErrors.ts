import { UserError, type UserErrorDetails } from './errors.ts'

/** An error as one thread tells it to another. */
export type SentError =
  | { readonly type: 'user-error'; readonly message: string; readonly details: UserErrorDetails }
  | { readonly type: 'bug'; readonly message: string; readonly stack: string | undefined }

export function sentError(error: unknown): SentError {
  if (error instanceof UserError) {
    // Causes may hold things that cannot be sent.
    return { type: 'user-error', message: error.message, details: { ...error.details, cause: undefined } }
  }
  return error instanceof Error
    ? { type: 'bug', message: error.message, stack: error.stack }
    : { type: 'bug', message: String(error), stack: undefined }
}

export function receivedError(sent: SentError): Error {
  if (sent.type === 'user-error') return new UserError(sent.message, sent.details)
  const error = new Error(sent.message)
  if (sent.stack !== undefined) error.stack = sent.stack
  return error
}
