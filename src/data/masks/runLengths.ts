/**
 * COCO's compressed run lengths: numbers of five bits per character from '0' on, the lowest first, with a sign; from the
 * third on each is written as the difference to the one before the last (`rleFrString` of pycocotools 2.0.11).
 * @throws RangeError where the text holds something else or stops in the middle of a number
 */
export function decodeCounts(text: string): readonly number[] {
  const counts: number[] = []
  for (let at = 0; at < text.length;) {
    let value = 0
    for (let shift = 0, isMore = true; isMore; shift += 5, at++) {
      const code = text.charCodeAt(at) - 48
      if (!(code >= 0 && code < 64) || shift > 30) throw new RangeError(`character ${at} of its run lengths is damaged`)
      value |= (code & 31) << shift
      isMore = (code & 32) !== 0
      if (!isMore && (code & 16) !== 0 && shift < 25) value |= -1 << (shift + 5)
    }
    counts.push(counts.length > 2 ? value + counts[counts.length - 2] : value)
  }
  return counts
}

/**
 * Starts and ends, in turn, of the runs of 1 among run lengths that begin with 0; where the last run is of 0, its end stands
 * alone behind them.
 * @throws RangeError unless they fill `pixels` exactly
 */
export function runsOfCounts(counts: readonly number[], pixels: number): readonly number[] {
  let end = 0
  const offsets = counts.map((count) => {
    if (!Number.isInteger(count) || count < 0) throw new RangeError(`${count} is no run length`)
    return (end += count)
  })
  if (end !== pixels) throw new RangeError(`its run lengths cover ${end} pixels, the image has ${pixels}`)
  return offsets
}

/**
 * Starts and ends of Kaggle's runs: pairs of start and length in text, starts counted from 1.
 * @throws RangeError for what is no pair of whole numbers or leaves the image
 */
export function runsOfSpans(text: string, pixels: number): readonly number[] {
  const numbers = text.trim().split(/\s+/).map(Number)
  if (numbers.length % 2 !== 0) throw new RangeError('a start has no length')
  return numbers.flatMap((start, i) => {
    if (i % 2 === 1) return []
    const length = numbers[i + 1]
    if (!(Number.isInteger(start) && Number.isInteger(length) && start >= 1 && length >= 0))
      throw new RangeError(`run ${i / 2 + 1} is no start from 1 with a length`)
    if (start - 1 + length > pixels)
      throw new RangeError(`run ${i / 2 + 1} ends at pixel ${start - 1 + length}, the image has ${pixels}`)
    return [start - 1, start - 1 + length]
  })
}
