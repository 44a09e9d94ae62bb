import { existsSync, mkdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { NewRunEvent, RunEvent } from '../protocol/events.ts'
import { runFiles } from '../protocol/runFolder.ts'
import type { ControlRequest, ImageScores, RunRecord } from '../protocol/runFolder.ts'
import { removeTemporaryFiles, writeFileAtomic } from './atomicFile.ts'
import { completeLastCheckpoint, writeLastCheckpoint } from './checkpointFiles.ts'
import type { LastCheckpoint } from './checkpointFiles.ts'
import { takeRequests } from './control.ts'
import { writeError } from './diskErrors.ts'
import { EventWriter } from './eventWriter.ts'
import { writeJsonFile } from './jsonFile.ts'
import { RunLock } from './lock.ts'
import type { RunFolder } from './runFolder.ts'

/** The trainer's hold on a run: the only way to write into it. Held by one process at a time; `close` it. */
export class RunSession {
  readonly run: RunFolder
  private readonly lock: RunLock
  private readonly events: EventWriter

  private constructor(run: RunFolder, lock: RunLock, events: EventWriter) {
    this.run = run
    this.lock = lock
    this.events = events
  }

  /**
   * Locks the run and mends what a death of its last trainer left: a torn event, a half-replaced checkpoint, temporary
   * files, requests that were meant for that trainer.
   * @throws UserError `run-locked`, `disk-full` or `cannot-write`
   */
  static async open(run: RunFolder): Promise<RunSession> {
    const lock = await RunLock.acquire(run.path)
    try {
      const last = run.file(runFiles.last)
      makeFolderOf(last)
      removeTemporaryFiles(run.path)
      await completeLastCheckpoint(run.path)
      takeRequests(join(run.path, runFiles.control))
      return new RunSession(run, lock, new EventWriter(run.file(runFiles.events)))
    } catch (error) {
      lock.release()
      throw error
    }
  }

  /** Writes `run.json`, once in the life of a run. @throws UserError `disk-full` or `cannot-write` */
  async writeRecord(record: RunRecord): Promise<void> {
    const file = this.run.file(runFiles.record)
    if (existsSync(file)) throw new Error(`${file} is never changed`)
    await writeJsonFile(file, record)
  }

  /** Appends an event and returns it with its time. @throws UserError `disk-full` or `cannot-write` */
  append(event: NewRunEvent): RunEvent {
    return this.events.append(event)
  }

  /** Replaces `scores.ndjson`: one line per validation image of the best epoch. */
  async writeScores(scores: readonly ImageScores[]): Promise<void> {
    const lines = scores.map((score) => `${JSON.stringify(score)}\n`)
    await writeFileAtomic(this.run.file(runFiles.scores), lines.join(''))
  }

  /** Writes the palette PNG of one validation image. */
  async writePrediction(image: string, png: Uint8Array): Promise<void> {
    const file = this.run.predictionFile(image)
    makeFolderOf(file)
    await writeFileAtomic(file, [png])
  }

  /** Writes the picture that a debug check shows for its verdict. @returns its path inside the run folder, with forward slashes */
  async writeCheckPicture(check: string, png: Uint8Array): Promise<string> {
    const file = this.run.checkFile(check)
    makeFolderOf(file)
    await writeFileAtomic(file, [png])
    return `${runFiles.checks}/${basename(file)}`
  }

  /** Replaces the weights of the best epoch: a safetensors file in parts. */
  async writeBest(weights: readonly Uint8Array[]): Promise<void> {
    await writeFileAtomic(this.run.file(runFiles.best), weights)
  }

  /** Replaces weights and training state, both or neither. */
  async writeLast(checkpoint: LastCheckpoint): Promise<void> {
    await writeLastCheckpoint(this.run.path, checkpoint)
  }

  /** What was asked of the trainer since the last call; cheap enough for every step. */
  takeRequests(): readonly ControlRequest[] {
    return takeRequests(join(this.run.path, runFiles.control))
  }

  close(): void {
    this.events.close()
    this.lock.release()
  }
}

function makeFolderOf(file: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true })
  } catch (error) {
    throw writeError(error, file)
  }
}
