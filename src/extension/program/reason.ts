const longestMessage = 500

/**
 * What a program that ended without a word of its own left on stderr, without the stack around it: what Node, the
 * system's loader or the argument parser said last. undefined where it left nothing.
 */
export function reasonIn(words: string): string | undefined {
  const text = words.trim()
  if (text === '') return undefined
  const lines = text.split('\n').map((each) => each.trim())
  const reason = lines.findLast((each) => /^(\w*Error\b.*:|FATAL ERROR:|error:)/.test(each)) ?? lines.at(-1)
  return reason?.slice(0, longestMessage)
}
