import type { Program } from '../../../graph/program.ts'
import type { LoweredProgram } from '../lowering.ts'
import { lowerRowMajor, plainOperators, type PlainOperators } from '../plain/lowerPlain.ts'
import { poolingOperators } from './pooling.ts'
import { rowOperators } from './rows.ts'
import { sumOperators } from './sums.ts'

const operators: PlainOperators = { ...plainOperators, ...rowOperators, ...poolingOperators, ...sumOperators }

/**
 * The program in operators that the runtime's providers for graphics cards have: nothing falls back to the CPU. Not
 * tried there: the sorting of `cumulateDescending` (LovaszLoss).
 */
export function lowerGpu(program: Program): LoweredProgram {
  return lowerRowMajor(program, operators, 'gpu')
}
