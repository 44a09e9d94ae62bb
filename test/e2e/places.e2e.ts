import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { sampleProject } from '../../scripts/sampleProject.mjs'
import { Host, type HostOptions } from '../hostKit/host.ts'
import { until } from '../hostKit/until.ts'

const extension = process.cwd()
let host: Host | undefined

async function open(options: Omit<HostOptions, 'extension'>): Promise<Host> {
  host = await Host.start({ extension, ...options })
  await host.page.locator('.activitybar a[aria-label^="Foldwise"]').click()
  return host
}

async function saidBy(window: Host, words: RegExp): Promise<void> {
  await until(`a message like ${words.source}`, async () =>
    (await window.notifications()).some(({ message }) => words.test(message)),
  )
}

afterEach(async () => {
  await host?.stop()
  host = undefined
})

describe('wherever it is opened', () => {
  it('without a folder every command says what to do', async () => {
    const window = await open({})
    await window.page.getByText('Open Folder').first().waitFor()
    await window.runCommand('Foldwise: Train Fold…')
    await saidBy(window, /No folder is open|no Foldwise project/)
    await window.screenshot('places-no-folder')
    expect(window.errors()).toEqual([])
  })

  it('a folder of images and masks is recognised, shown and made a project', async () => {
    const folder = resolve('test-results/workspaces/recognise')
    rmSync(folder, { recursive: true, force: true })
    const sample = sampleProject('recognise-from')
    mkdirSync(folder, { recursive: true })
    for (const part of ['images', 'masks']) cpSync(join(sample, part), join(folder, part), { recursive: true })
    const window = await open({ workspace: folder })
    await window.runCommand('Foldwise: Initialise Project…')
    await until('what was recognised', async () =>
      (await window.pickerItems()).some((label) => label.includes('Create Project')),
    )
    await window.screenshot('places-recognised')
    await window.pick('Create Project')
    await window.treeRow('Experiments', ({ label }) => label === 'baseline')
    expect(existsSync(join(folder, 'foldwise/project.jsonc'))).toBe(true)
    expect(window.errors()).toEqual([])
  })

  it('several roots: each project is named', async () => {
    const [one, two] = [sampleProject('root-one'), sampleProject('root-two')]
    const file = resolve('test-results/workspaces/two.code-workspace')
    writeFileSync(file, JSON.stringify({ folders: [{ path: one }, { path: two }] }))
    const window = await open({ workspace: file })
    await window.treeRow('Experiments', ({ label }) => label === 'root-one')
    await window.treeRow('Experiments', ({ label }) => label === 'root-two')
    await window.screenshot('places-two-roots')
    expect(window.errors()).toEqual([])
  })

  it('an untrusted workspace is shown, and not trained in', async () => {
    const folder = sampleProject('untrusted')
    const settings = { 'security.workspace.trust.enabled': true, 'security.workspace.trust.startupPrompt': 'never' }
    const window = await open({ workspace: folder, isTrustAsked: true, settings })
    await window.treeRow('Experiments', ({ label }) => label === 'baseline')
    await window.runCommand('Foldwise: Train Fold…')
    await saidBy(window, /not trusted/)
    expect(existsSync(join(folder, 'foldwise/runs'))).toBe(false)
    await window.screenshot('places-untrusted')
    expect(window.errors()).toEqual([])
  })

  it('a trainer that dies at start says why, with the line', async () => {
    const folder = sampleProject('broken')
    const file = join(folder, 'foldwise/experiments/broken.jsonc')
    writeFileSync(file, '{ "extends": "baseline", "optimizer": { "name": "Adamm" } }\n')
    const window = await open({ workspace: folder })
    await window.runCommand('Foldwise: Train Fold…')
    await window.pick('broken')
    await window.pick('Fold 0')
    await window.pick('The experiment')
    await saidBy(window, /Adam/)
    expect(readFileSync(file, 'utf8')).toContain('Adamm')
    // What the trainer said is in the log too, and nothing else.
    expect(window.errors().filter((line) => !line.includes('broken, fold 0 failed'))).toEqual([])
  })
})
