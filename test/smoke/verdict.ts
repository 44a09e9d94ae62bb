/** Whether the losses on one batch fall: all are numbers, and the last five stay well below the first. */
export function hasFallen(losses: readonly number[]): boolean {
  return losses.every(Number.isFinite) && Math.max(...losses.slice(-5)) < 0.8 * losses[0]
}
