import type { Command } from 'commander'
import { UserError } from '../../core/errors.ts'
import type { Answer } from '../../protocol/questions.ts'
import { answerTo, type WorkQuestion } from '../serve/answer.ts'
import { failureAnswer } from '../serve/failure.ts'
import { linesOf } from '../serve/lines.ts'
import { Pairings } from '../serve/pairings.ts'
import { QuestionQueue } from '../serve/questionQueue.ts'
import { readQuestion } from '../serve/readQuestion.ts'

/** Decoding takes memory: two large images at a time are enough. */
const atOnce = 2
/** Longest line, in characters: the text of a file with its escapes. */
const lineLimit = 8_000_000

/** `foldwise serve`. */
export function addServe(program: Command): void {
  program
    .command('serve')
    .summary('answer the questions of an editor')
    .description(
      'Answers questions on stdin (one JSON object per line: problems of a text, pictures, recognised data sets) on stdout, until stdin closes.',
    )
    .action(serve)
}

async function serve(): Promise<void> {
  const pairings = new Pairings()
  const queue = new QuestionQueue<WorkQuestion>(atOnce, async (question) => {
    await send(await answerTo(question, pairings).catch((error: unknown) => failureAnswer(question.id, error)))
  })
  // Nobody reads the answers any more: what has not begun is in vain.
  process.stdout.on('error', () => {
    queue.dropAll()
  })
  for await (const line of linesOf(process.stdin, lineLimit)) {
    if (line?.trim() === '') continue
    const read = readQuestion(line)
    if (read.question === undefined) await send(failureAnswer(read.id, read.error))
    else if (read.question.type === 'cancel') await cancel(queue, read.question)
    else queue.add(read.question)
  }
  await queue.finished()
}

async function cancel(queue: QuestionQueue<WorkQuestion>, { id, question }: { id: number; question: number }) {
  const dropped = queue.drop(question)
  if (dropped)
    await send(failureAnswer(question, new UserError('This question was taken back.', { code: 'cancelled' })))
  await send({ id, type: 'cancel', dropped })
}

/** Resolves when the line is written, so that a slow reader slows the answers down; whoever is gone reads nothing. */
async function send(answer: Answer): Promise<void> {
  const line = `${JSON.stringify(answer)}\n`
  await new Promise<void>((resolve) => {
    process.stdout.write(line, () => {
      resolve()
    })
  })
}
