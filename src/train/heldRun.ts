import { messageWithPlace, UserError, type UserErrorDetails } from '../core/errors.ts'
import type { RunEvent } from '../protocol/events.ts'
import type { RunFolder } from '../runs/runFolder.ts'
import { RunSession } from '../runs/runSession.ts'

/** Holds the run while `body` works on it; whatever goes wrong is written down before it goes on up. */
export async function* held<Outcome>(
  run: RunFolder,
  body: (session: RunSession) => AsyncGenerator<RunEvent, Outcome>,
): AsyncGenerator<RunEvent, Outcome> {
  const session = await RunSession.open(run)
  try {
    return yield* body(session)
  } catch (error) {
    yield* failed(session, error)
    throw error
  } finally {
    session.close()
  }
}

function* failed(session: RunSession, error: unknown): Generator<RunEvent> {
  const isUserError = error instanceof UserError
  const { code = 'failed', hint, download }: UserErrorDetails = isUserError ? error.details : { code: 'bug' }
  const message = isUserError ? messageWithPlace(error) : error instanceof Error ? error.message : String(error)
  try {
    const details = { ...(hint === undefined ? {} : { hint }), ...(download === undefined ? {} : { download }) }
    yield session.append({ type: 'failed', code, message, ...details })
  } catch (second) {
    // A full disk takes no event either; the error itself still goes up.
    if (!(second instanceof UserError)) throw second
  }
}
