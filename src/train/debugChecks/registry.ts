import type { DebugCheckId } from '../../protocol/debugChecks.ts'
import type { Check } from './check.ts'
import { gradientsFinite } from './gradientsFinite.ts'
import { lossFalls } from './lossFalls.ts'
import { overfitsOneBatch } from './overfitsOneBatch.ts'
import { resumeRoundTrip } from './resumeRoundTrip.ts'
import { sameSeedSameBits } from './sameSeedSameBits.ts'

/** How each check of `protocol/debugChecks.ts`, which names and describes it, is carried out. */
export const checkOf: Readonly<Record<DebugCheckId, Check>> = {
  'loss-falls': lossFalls,
  'overfits-one-batch': overfitsOneBatch,
  'gradients-finite': gradientsFinite,
  'resume-round-trip': resumeRoundTrip,
  'same-seed-same-bits': sameSeedSameBits,
}
