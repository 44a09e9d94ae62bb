import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Disposable, LogOutputChannel } from 'vscode'
import { UserError } from '../../core/errors.ts'
import type { Answer, AnswerOf, Question, QuestionOf } from '../../protocol/questions.ts'

/** After this time without a question the child is let go; the next question starts another in about 300 ms. */
const idleMilliseconds = 120_000

interface Waiting {
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: unknown) => void
}

/**
 * `foldwise serve`, the program that answers what the host must not do itself: decode images, know every encoder. Started
 * with the first question, started again after it died.
 */
export class Assistant implements Disposable {
  private readonly program: string
  private readonly log: LogOutputChannel
  private readonly waiting = new Map<number, Waiting>()
  private child: ChildProcessWithoutNullStreams | undefined
  private idle: NodeJS.Timeout | undefined
  private lastId = 0

  /** @param program path of the built command line */
  constructor(program: string, log: LogOutputChannel) {
    this.program = program
    this.log = log
  }

  /** @throws UserError what the program found wrong with the question's file  @throws Error where it died */
  async ask<Type extends Question['type']>(question: Omit<QuestionOf<Type>, 'id'>): Promise<AnswerOf<Type>> {
    const id = ++this.lastId
    const child = (this.child ??= this.start())
    clearTimeout(this.idle)
    const answer = await new Promise<Answer>((resolve, reject) => {
      this.waiting.set(id, { resolve, reject })
      child.stdin.write(`${JSON.stringify({ ...question, id })}\n`)
    }).finally(() => {
      this.waiting.delete(id)
      if (this.waiting.size === 0) this.restLater()
    })
    if (answer.type !== 'failed') return answer as AnswerOf<Type>
    if (answer.code === 'bug') throw new Error(answer.message)
    throw new UserError(answer.message, { hint: answer.hint, code: answer.code })
  }

  dispose(): void {
    clearTimeout(this.idle)
    this.child?.stdin.end()
    this.child = undefined
  }

  private start(): ChildProcessWithoutNullStreams {
    const child = spawn(process.execPath, [this.program, 'serve'], {
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      windowsHide: true,
    })
    const onEnd = (reason: string): void => {
      if (this.child === child) this.child = undefined
      for (const { reject } of this.waiting.values()) reject(new Error(`foldwise serve ended: ${reason}`))
    }
    child.once('error', (error) => {
      onEnd(error.message)
    })
    child.once('exit', (code, signal) => {
      onEnd(signal ?? `code ${code ?? 'unknown'}`)
    })
    // A child that died between two questions: its end is told by "exit".
    child.stdin.on('error', () => undefined)
    child.stderr.on('data', (text: Buffer) => {
      this.log.warn(text.toString('utf8').trimEnd())
    })
    createInterface({ input: child.stdout }).on('line', (line) => {
      this.receive(line)
    })
    return child
  }

  private receive(line: string): void {
    let answer: Answer
    try {
      // Our own program of the same version: its answers need no second look, and their schema would weigh 1 % of the host.
      answer = JSON.parse(line) as Answer
    } catch {
      this.log.warn(`foldwise serve said: ${line.slice(0, 200)}`)
      return
    }
    this.waiting.get(answer.id)?.resolve(answer)
  }

  private restLater(): void {
    this.idle = setTimeout(() => {
      this.dispose()
    }, idleMilliseconds)
    this.idle.unref()
  }
}
