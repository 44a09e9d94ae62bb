import { messageWithPlace, UserError } from '../../core/errors.ts'

/** What an action gives, or what the user would have to mend. */
export type Attempt<Value> =
  { readonly value: Value; readonly error?: undefined } | { readonly value?: undefined; readonly error: UserError }

/** Goes on without what one file does not give; a bug goes on up. */
export async function attempt<Value>(action: () => Value | Promise<Value>): Promise<Attempt<Value>> {
  try {
    return { value: await action() }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { error }
  }
}

/** An error as sentences, for a note. */
export function noteText(error: UserError): string {
  const message = messageWithPlace(error).replace(/[.:;]$/, '')
  return error.details.hint === undefined ? `${message}.` : `${message}. ${error.details.hint}`
}
