import type { Readable } from 'node:stream'

/** One line of input; `undefined` stands for a line that was too long to be kept. */
export type Line = string | undefined

/**
 * Lines of a stream as they come, without their ends. Of a line beyond the limit nothing is kept: whoever writes without end
 * must not fill the memory. The last line need not be ended.
 * @param limit most characters of a line
 */
export async function* linesOf(stream: Readable, limit: number): AsyncGenerator<Line, void> {
  stream.setEncoding('utf8')
  let begun = ''
  let isTooLong = false
  for await (const chunk of stream) {
    const [first, ...others] = String(chunk).split('\n')
    const pieces = [isTooLong ? '' : begun + first, ...others]
    begun = pieces.pop()!
    for (const line of pieces) {
      yield isTooLong || line.length > limit ? undefined : line.replace(/\r$/, '')
      isTooLong = false
    }
    if (begun.length <= limit) continue
    begun = ''
    isTooLong = true
  }
  if (isTooLong) yield undefined
  else if (begun !== '') yield begun
}
