import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { QuestionQueue } from '../../src/cli/serve/questionQueue.ts'
import { experimentFile, temporaryFolder, tinyProject } from './project.ts'
import { ServeClient } from './serveClient.ts'

const check = (id: number, text = '{}'): string =>
  `${JSON.stringify({ id, type: 'check', file: '/nowhere/foldwise/experiments/a.jsonc', text })}\n`

describe('serve', () => {
  it('answers every question with its id and ends when stdin closes', async () => {
    const client = new ServeClient()
    client.write([1, 2, 3].map((id) => check(id)).join(''))
    expect(await client.end()).toBe(0)
    expect(client.answers.map(({ id }) => id).sort()).toEqual([1, 2, 3])
    expect(client.answers).toContainEqual({ id: 1, type: 'check', problems: [] })
    expect(client.stderr).toBe('')
  })

  it('answers a last question that no line end follows, and one that comes in pieces', async () => {
    const client = new ServeClient()
    const [first, second] = [check(1), check(2, '{"notes": "Größe ✓"}').trimEnd()]
    client.write(first.slice(0, 10))
    await new Promise((fulfil) => setTimeout(fulfil, 20))
    client.write(first.slice(10) + second)
    expect(await client.end()).toBe(0)
    expect(client.answers.map(({ type }) => type)).toEqual(['check', 'check'])
  })

  it('says on id 0 that a line cannot be read, and goes on', async () => {
    const client = new ServeClient()
    client.write('garbage\n\n[1,2]\n{"type":"check"}\nnull\n"\\u0000"\n{"id":-1,"type":"cancel","question":1}\n')
    expect(await client.answerTo(0)).toMatchObject({ type: 'failed', code: 'unreadable-question' })
    client.write(check(5))
    expect(await client.answerTo(5)).toMatchObject({ type: 'check' })
    expect(client.answers.filter(({ id }) => id === 0)).toHaveLength(6)
  })

  it('says on its own id what is wrong with a question that has one', async () => {
    const client = new ServeClient()
    client.write('{"id":7,"type":"nonsense"}\n{"id":8,"type":"check","file":"a"}\n')
    expect(await client.answerTo(7)).toMatchObject({ type: 'failed', code: 'unreadable-question' })
    expect(await client.answerTo(8)).toMatchObject({
      type: 'failed',
      message: expect.stringContaining('text') as string,
    })
  })

  it('does not keep a line without end', async () => {
    const client = new ServeClient()
    const million = 'x'.repeat(1_000_000)
    for (let i = 0; i < 20; i++) client.write(million)
    client.write(`\n${check(3)}`)
    expect(await client.answerTo(0)).toMatchObject({ message: 'This question cannot be read: the line is too long.' })
    expect(await client.answerTo(3)).toMatchObject({ type: 'check' })
  })

  it('a mistake of the user is a failure with a code and no stack', async () => {
    const client = new ServeClient()
    const folder = temporaryFolder()
    expect(await client.askAny({ type: 'check', file: `${folder}/other.jsonc`, text: '' })).toMatchObject({
      type: 'failed',
      code: 'not-checkable',
    })
    expect(await client.askAny({ type: 'layers', root: folder, run: 'a.f0.s0', image: 'a.png' })).toMatchObject({
      type: 'failed',
      code: 'no-project',
      hint: expect.stringContaining('foldwise init') as string,
    })
    expect(client.stderr).toBe('')
  })

  it('takes back a question that has not begun, and no other', async () => {
    const client = new ServeClient()
    const cancel = (id: number, question: number): string => `${JSON.stringify({ id, type: 'cancel', question })}\n`
    client.write(check(1) + check(2) + check(3) + cancel(4, 3))
    expect(await client.answerTo(4)).toEqual({ id: 4, type: 'cancel', dropped: true })
    expect(await client.answerTo(3)).toMatchObject({ type: 'failed', code: 'cancelled' })
    expect(await client.answerTo(1)).toMatchObject({ type: 'check' })
    client.write(cancel(5, 1))
    expect(await client.answerTo(5)).toEqual({ id: 5, type: 'cancel', dropped: false })
    await client.end()
    expect(client.answers.filter(({ id }) => id === 3)).toHaveLength(1)
  })

  it('goes on when whoever asks is gone without a word', async () => {
    const project = await tinyProject()
    const client = new ServeClient()
    client.process.stdout!.destroy()
    for (let id = 1; id <= 20; id++)
      client.write(`${JSON.stringify({ id, type: 'check', file: experimentFile(project, 'tiny'), text: '{}' })}\n`)
    expect(await client.end()).toBe(0)
  })
})

describe('the queue of questions', () => {
  it('answers at most so many at a time, in their order, and is finished when all are answered', async () => {
    const begun: number[] = []
    let running = 0
    let most = 0
    const queue = new QuestionQueue<{ readonly id: number }>(2, async ({ id }) => {
      begun.push(id)
      most = Math.max(most, ++running)
      await new Promise((fulfil) => setTimeout(fulfil, 5))
      running--
    })
    for (let id = 1; id <= 7; id++) queue.add({ id })
    expect(queue.drop(6)).toBe(true)
    expect(queue.drop(6)).toBe(false)
    await queue.finished()
    expect(begun).toEqual([1, 2, 3, 4, 5, 7])
    expect({ most, running }).toEqual({ most: 2, running: 0 })
    queue.add({ id: 8 })
    await queue.finished()
    expect(begun.at(-1)).toBe(8)
  })
})

describe('the start of serve', () => {
  it.runIf(process.platform === 'linux')('loads no runtime for computing', async () => {
    const client = new ServeClient()
    client.write(check(1))
    await client.answerTo(1)
    expect(readFileSync(`/proc/${client.process.pid!}/maps`, 'utf8')).not.toContain('onnxruntime')
  })
})
