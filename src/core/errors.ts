/** Where a user's mistake is and how to mend it; every part that is known is printed. */
export interface UserErrorDetails {
  /** File that holds the mistake, as the user wrote or would open it. */
  readonly file?: string | undefined
  /** Line in that file, counted from 1. */
  readonly line?: number | undefined
  /** The offending value. */
  readonly value?: unknown
  /** What would be accepted instead. */
  readonly allowed?: readonly string[] | string | undefined
  /** What to do now, as one sentence. */
  readonly hint?: string | undefined
  /** Stable machine-readable code, e.g. `unknown-encoder`. */
  readonly code?: string | undefined
  /** Pretrained weights whose download mends it. */
  readonly download?: WeightsOffer | undefined
  readonly cause?: unknown
}

/** Weights that can be downloaded, and what to know before. */
export interface WeightsOffer {
  readonly encoder: string
  readonly weights: string
  /** About. */
  readonly bytes: number
  /** null where whoever published them states none. */
  readonly licence: string | null
}

/**
 * A mistake that the person at the keyboard can mend (exit code 2). Every other error is a bug and keeps its stack.
 * Thrown where it is known best, printed in one place per front end.
 */
export class UserError extends Error {
  override readonly name = 'UserError'
  readonly details: UserErrorDetails

  constructor(message: string, details: UserErrorDetails = {}) {
    super(message, { cause: details.cause })
    this.details = details
  }
}

/** The message with the place that it is about, as one line: `masks/a.png:3: …`. */
export function messageWithPlace({ message, details: { file, line } }: UserError): string {
  return file === undefined ? message : `${file}${line === undefined ? '' : `:${line}`}: ${message}`
}

/** One message for a person: where, what, which value, what is allowed, what to do. */
export function describeUserError(error: UserError): string {
  const { value, allowed, hint } = error.details
  const lines = [messageWithPlace(error)]
  if (value !== undefined) lines.push(`  value:   ${typeof value === 'string' ? value : JSON.stringify(value)}`)
  if (allowed !== undefined) lines.push(`  allowed: ${typeof allowed === 'string' ? allowed : allowed.join(', ')}`)
  if (hint !== undefined) lines.push(`  to do:   ${hint}`)
  return lines.join('\n')
}
