import * as z from 'zod'
import { oneOf } from './oneOf.ts'
import { sequential } from './sequential.ts'
import { someOf } from './someOf.ts'
import type { Transform } from '../transform.ts'

/** A transform inside another one: its name, its arguments with all defaults, and `p`. */
export interface NestedTransform {
  readonly name: string
  readonly p: number
}

/** What a composer knows of the transforms that it may hold. */
export interface Nesting {
  /** Argument `transforms`. */
  readonly list: z.ZodType<readonly NestedTransform[]>
  readonly get: (name: string) => Transform
}

/**
 * The composers over all transforms, themselves included: they may be nested.
 * @param others every transform that is no composer
 */
export function composers(others: readonly Transform[]): readonly Transform[] {
  const byName = new Map<string, Transform>()
  const choice = z
    .lazy(() => z.discriminatedUnion('name', options([...byName.values()])))
    .meta({ id: 'transform', description: 'A transform, by its name; its arguments stand beside it.' })
  const nesting: Nesting = {
    list: z.array(choice).min(1).max(64) as unknown as z.ZodType<readonly NestedTransform[]>,
    get: (name) => byName.get(name)!,
  }
  const made = [oneOf(nesting), someOf(nesting), sequential(nesting)] as readonly Transform[]
  for (const transform of [...others, ...made]) byName.set(transform.name, transform)
  return made
}

type Options = [z.core.$ZodTypeDiscriminable, ...z.core.$ZodTypeDiscriminable[]]

function options(transforms: readonly Transform[]): Options {
  return transforms.map(({ name, summary, arguments: own }) =>
    own.safeExtend({ name: z.literal(name).describe(summary) }).strict(),
  ) as unknown as Options
}
