import { InvalidArgumentError, Option, type Command } from 'commander'
import { UserError } from '../core/errors.ts'
import { engineNames, type EngineRequest } from '../train/engineChoice.ts'

/** Reads a whole number ≥ `least` from the command line. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= least) return value
    throw new InvalidArgumentError(`It must be a whole number, ${least} or more.`)
  }
}

/** Reads `all` or the number of a fold. */
export function foldNumber(text: string): number | 'all' {
  return text === 'all' ? text : wholeNumber(0)(text)
}

export interface EngineOptions extends EngineRequest {
  readonly device: 'auto' | 'cpu' | 'gpu'
}

/** `--engine`, `--device` and `--threads`. */
export function addEngineOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--engine <NAME>', 'what computes: auto takes the fastest that works here')
        .choices(engineNames)
        .default('auto'),
    )
    .addOption(
      new Option('--device <NAME>', 'where it computes: auto takes the fastest that works here')
        .choices(['auto', 'cpu', 'gpu'])
        .default('auto'),
    )
    .option('--threads <N>', 'threads inside one operation (default: all cores)', wholeNumber(1))
}

/** @throws UserError where a graphics card is asked for: this version has no engine for one */
export function engineRequest({ engine, device, threads }: EngineOptions): EngineRequest {
  if (device === 'gpu')
    throw new UserError('this version of Foldwise trains on the CPU only', {
      value: '--device gpu',
      allowed: ['auto', 'cpu'],
      hint: 'Choose auto: it will take a graphics card as soon as a version can use one.',
      code: 'engine-unavailable',
    })
  return { engine, threads }
}
