import * as z from 'zod'
import { classBalanced } from './classBalanced.ts'
import { foregroundBalanced } from './foregroundBalanced.ts'
import type { Sampler } from './sampler.ts'

/** Every image once an epoch, in random order. */
const shuffling = 'shuffle'

const samplers: readonly Sampler[] = [classBalanced, foregroundBalanced]

/** The sampler of an experiment; undefined where it shuffles. */
export function samplerOf(name: string | undefined): Sampler | undefined {
  return samplers.find((sampler) => sampler.name === name)
}

/** Keys of `data` that say which images an epoch shows. */
export const samplerArguments = {
  sampler: z
    .enum([shuffling, ...samplers.map(({ name }) => name)])
    .default(shuffling)
    .describe(
      `Which training images an epoch shows how often: ${shuffling} shows each once; ${samplers.map(({ summary }) => summary).join('; ')}. An epoch has as many draws in any case.`,
    ),
  foreground_share: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe('Share of the draws that show foreground; only with the sampler foreground_balanced.'),
}
