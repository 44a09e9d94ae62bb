import { nearestNames as nearestOf } from '../../../core/nearest.ts'
import { meantName } from '../../../core/otherSpellings.ts'

/** Lists up to this long are shown whole. */
const most = 5

/** The names that were most likely meant, words of other libraries included; the nearest first. */
export function nearestNames(word: unknown, allowed: readonly string[]): readonly string[] {
  return nearestOf(word, allowed, meantName)
}

/** The nearest names as JSON texts; all of a short list where none is close. */
export function replacementsFor(word: unknown, allowed: readonly string[]): readonly string[] {
  const nearest = nearestNames(word, allowed)
  return (nearest.length > 0 || allowed.length > most ? nearest : allowed).map((name) => JSON.stringify(name))
}

/** ` Did you mean "unet"?`, or what is allowed where nothing is near and the list is short. */
export function meantText(word: unknown, allowed: readonly string[]): string {
  const nearest = nearestNames(word, allowed).at(0)
  if (nearest !== undefined) return ` Did you mean "${nearest}"?`
  const shown = allowed.slice(0, 12).join(', ')
  return allowed.length === 0 ? '' : ` Allowed: ${shown}${allowed.length > 12 ? ', …' : ''}.`
}
