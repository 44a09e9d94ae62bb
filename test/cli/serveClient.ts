import { spawn, type ChildProcess } from 'node:child_process'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished } from 'vitest'
import {
  answerSchema,
  type Answer,
  type AnswerOf,
  type Question,
  type QuestionOf,
} from '../../src/protocol/questions.ts'
// Builds the program and copies it for this worker.
import './program.ts'

const root = resolve(import.meta.dirname, '../..')
const cli = join(root, '.tsbuild', 'test-program', process.env['VITEST_POOL_ID'] ?? '0', 'cli.js')

/** `foldwise serve` as a real process, asked as an editor asks it; killed at the end of the test. */
export class ServeClient {
  readonly process: ChildProcess
  /** Exit code, once it has ended. */
  readonly ended: Promise<number | null>
  /** Everything that was answered so far, in that order. */
  readonly answers: Answer[] = []
  stderr = ''
  private readonly listeners = new Set<() => void>()
  private lastId = 0

  constructor() {
    this.process = spawn(process.execPath, [cli, 'serve'], { stdio: ['pipe', 'pipe', 'pipe'] })
    this.process.stderr!.on('data', (chunk) => (this.stderr += String(chunk)))
    createInterface({ input: this.process.stdout! }).on('line', (line) => {
      this.answers.push(answerSchema.parse(JSON.parse(line)))
      for (const listener of this.listeners) listener()
    })
    this.ended = new Promise((fulfil) => {
      this.process.on('close', fulfil)
    })
    onTestFinished(() => {
      this.process.kill('SIGKILL')
    })
  }

  /** Writes text to its stdin as it is. */
  write(text: string): void {
    this.process.stdin!.write(text)
  }

  /** Asks and waits for the answer with the question's id. */
  async askAny(question: object): Promise<Answer> {
    const id = ++this.lastId
    this.write(`${JSON.stringify({ ...question, id })}\n`)
    return this.answerTo(id)
  }

  /** The same for an answer that must be one. */
  async ask<Type extends Question['type']>(question: Omit<QuestionOf<Type>, 'id'>): Promise<AnswerOf<Type>> {
    const answer = await this.askAny(question)
    if (answer.type === 'failed') expect.fail(`${answer.code}: ${answer.message}`)
    return answer as AnswerOf<Type>
  }

  async answerTo(id: number): Promise<Answer> {
    for (;;) {
      const found = this.answers.find((answer) => answer.id === id)
      if (found !== undefined) return found
      await new Promise<void>((fulfil, reject) => {
        const listener = (): void => {
          this.listeners.delete(listener)
          fulfil()
        }
        this.listeners.add(listener)
        void this.ended.then(() => {
          reject(new Error(`the program ended before answer ${id}:\n${this.stderr}`))
        })
      })
    }
  }

  /** Closes its stdin and waits for its end. */
  async end(): Promise<number | null> {
    this.process.stdin!.end()
    return this.ended
  }
}
