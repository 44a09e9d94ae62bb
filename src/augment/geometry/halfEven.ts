/** The nearest whole number, of two equally near ones the even one (Python's round). */
export function halfEven(value: number): number {
  const rounded = Math.round(value)
  return rounded - value === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded
}
