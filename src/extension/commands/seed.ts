/** As the experiments' schema has it: 2³² − 1. */
export const largestSeed = 4294967295

/** The seed that was typed; undefined where it is none. */
export function seedOf(text: string): number | undefined {
  const seed = Number(text.trim())
  return /^\d+$/.test(text.trim()) && seed <= largestSeed ? seed : undefined
}
