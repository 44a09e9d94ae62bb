/**
 * Half a cosine between two values.
 * @param elapsed how far along it is: `from` at 0, `to` at `length`, and back again beyond
 */
export function halfCosine(from: number, to: number, elapsed: number, length: number): number {
  return to + ((from - to) * (1 + Math.cos((Math.PI * elapsed) / length))) / 2
}
