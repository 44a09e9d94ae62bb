/** The transpose of a row-major matrix [rows, columns]. */
export function transposed(matrix: Float32Array, rows: number, columns: number): Float32Array {
  return matrix.map((_, index) => matrix[(index % rows) * columns + Math.floor(index / rows)])
}
