import { createRequire } from 'node:module'
import { join } from 'node:path'
import { UserError } from '../../core/errors.ts'
import type { TensorFlow } from './operator.ts'
import { packages, requirements, type PackageName } from './requirements.ts'

/** A package that is there; whether it loads is another matter. */
export interface Installation {
  readonly name: PackageName
  readonly version: string
  readonly require: NodeJS.Require
}

/** The folder that the user names: the one in which `npm install` made `node_modules`. */
export function namedFolder(): string | undefined {
  return process.env['FOLDWISE_TENSORFLOW'] || undefined
}

/** @param folder with `node_modules`; beside this program where not given */
export function findInstallation(folder: string | undefined): Installation | undefined {
  const require = createRequire(folder === undefined ? import.meta.url : join(folder, 'package.json'))
  for (const name of packages) {
    try {
      const { version } = require(`${name}/package.json`) as { readonly version: string }
      return { name, version, require }
    } catch {
      // The next one.
    }
  }
  return undefined
}

/**
 * Loads an installation into this process: only one fits, and its number of threads stays.
 * @param threads of one operation
 * @throws UserError where it does not load or finds no graphics card: with what its binary needs
 */
export function loadTensorFlow({ name, version, require }: Installation, threads: number): TensorFlow {
  const refuse = (what: string, hint: string, cause?: unknown): UserError =>
    new UserError(`${name} ${version} ${what}. It needs ${requirements(name)}.`, {
      hint,
      code: 'engine-unavailable',
      cause,
    })
  let tf: TensorFlow
  try {
    prepareProcess(require, threads)
    tf = require(name) as TensorFlow
    multiplyOnce(tf)
  } catch (error) {
    const hint = 'Install what is missing (docs/TENSORFLOW.md), or train with --engine auto.'
    throw refuse(`does not load on this machine: ${firstLine(error)}`, hint, error)
  }
  const { isUsingGpuDevice = false } = tf.backend() as { readonly isUsingGpuDevice?: boolean }
  if (name === '@tensorflow/tfjs-node-gpu' && !isUsingGpuDevice)
    throw refuse(
      'loads on this machine, but finds no graphics card',
      'TensorFlow says on stderr which library it misses. For the processor install @tensorflow/tfjs-node in a folder of its own.',
    )
  return tf
}

/** What has to be said before the library is loaded; what the user has said stays. */
function prepareProcess(require: NodeJS.Require, threads: number): void {
  process.env['TF_NUM_INTRAOP_THREADS'] ??= String(threads)
  // Without its greetings; the libraries of CUDA that it misses are warnings.
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '1'
  // It takes all of a card's memory otherwise, the desktop's too.
  process.env['TF_FORCE_GPU_ALLOW_GROWTH'] ??= 'true'
  // Node 23 removed two functions that version 4.22.0 calls (tensorflow/tfjs#8425, merged but not released).
  const util = require('node:util') as Record<string, unknown>
  util['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined
  util['isArray'] ??= Array.isArray
}

/** A binary that loads may still lack what its kernels need. */
function multiplyOnce(tf: TensorFlow): void {
  const product = tf.tidy(() => tf.matMul(tf.ones([2, 3]), tf.ones([3, 2])).dataSync())
  if (product[0] !== 3) throw new Error(`a product of matrices gave ${product[0]} for 3`)
}

/** These messages go on about rebuilding. */
function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0].trim().replace(/\.$/, '')
}
