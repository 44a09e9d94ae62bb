import type * as vscode from 'vscode'
import type { WeightsOffer } from '../core/errors.ts'
import type { Assistant } from './assistant/assistant.ts'
import type { OpenProjects } from './store/openProjects.ts'
import type { TrainerQueue } from './supervisor/trainerQueue.ts'

/** What every command and view is given. */
export interface Services {
  readonly context: vscode.ExtensionContext
  readonly projects: OpenProjects
  /** undefined in a window without a folder: there is nothing to train. */
  readonly queue: TrainerQueue | undefined
  readonly assistant: Assistant
  readonly log: vscode.LogOutputChannel
}

/** What a command is meant for, where it was not called from the palette. */
export interface Target {
  /** Folder of the project. */
  readonly root: string
  readonly experiment?: string
  readonly fold?: number
  readonly run?: string
  /** Weights that a run was missing. */
  readonly download?: WeightsOffer
}
