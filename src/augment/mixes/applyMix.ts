import type { NamedArguments } from '../../core/experiment.ts'
import { parseWith } from '../../core/issues.ts'
import type { Random } from '../transform.ts'
import type { MixedBatch, SecondLabels } from './mix.ts'
import { mixes } from './registry.ts'

/** Mixes a batch in place, or leaves it, by chance. */
export type BatchMix = (batch: MixedBatch, random: Random) => SecondLabels | undefined

/**
 * Checks the `mix` of an experiment and fills in defaults, once.
 * @throws UserError that names the mix, the argument and what is allowed
 */
export function prepareMix(config: NamedArguments | null): BatchMix {
  if (config === null) return () => undefined
  const { name, ...given } = config
  const mix = mixes.get(name)
  const args = parseWith(mix.arguments.strict(), given, () => ({ file: `mix, ${name}` }))
  return (batch, random) => (random.next() < args.p ? mix.apply(batch, args, random) : undefined)
}
