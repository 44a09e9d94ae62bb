import { InvalidArgumentError, Option, type Command } from 'commander'
import type { DeviceKind } from '../engines/engineDefinition.ts'
import { engineChoices } from '../engines/registry.ts'
import type { EngineRequest } from '../train/engineChoice.ts'
import type { MemoryRequest } from '../train/memory/memoryCheck.ts'

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
  readonly device: 'auto' | DeviceKind
}

/** `--engine`, `--device` and `--threads`. */
export function addEngineOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--engine <NAME>', 'what computes: auto takes the fastest that works here')
        .choices(engineChoices)
        .default('auto'),
    )
    .addOption(
      new Option('--device <NAME>', 'where it computes: auto takes the fastest that works here')
        .choices(['auto', 'cpu', 'gpu'])
        .default('auto'),
    )
    .option('--threads <N>', 'threads inside one operation (default: all cores)', wholeNumber(1))
}

/** The part of the options that says what computes. */
export function engineRequest({ engine, device, threads }: EngineOptions): EngineRequest {
  return { engine, device, threads }
}

export interface MemoryOptions {
  readonly ignoreMemory?: boolean
}

/** `--ignore-memory`. */
export function addMemoryOption(command: Command): Command {
  return command.option('--ignore-memory', 'start although there seems to be too little memory')
}

export function memoryRequest({ ignoreMemory = false }: MemoryOptions): MemoryRequest {
  return { ignoresMemory: ignoreMemory }
}
