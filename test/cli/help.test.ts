import { describe, expect, it } from 'vitest'
import { foldwise } from './program.ts'
import { temporaryFolder } from './project.ts'

const verbs = ['init', 'sample', 'train', 'debug', 'evaluate', 'predict', 'compare', 'split', 'eda', 'doctor', 'schedule', 'bench', 'devices', 'encoders', 'methods', 'schema'] // prettier-ignore

describe('help', () => {
  it('lists every verb and the exit codes', async () => {
    const { code, stdout, stderr } = await foldwise(['--help'])
    expect(code).toBe(0)
    expect(stderr).toBe('')
    for (const verb of verbs) expect(stdout).toMatch(new RegExp(`^  ${verb} `, 'm'))
    expect(stdout).toContain('3 stopped on request')
  })

  it.each(verbs)('of %s shows its usage and the options that all verbs have', async (verb) => {
    const { code, stdout } = await foldwise([verb, '--help'])
    expect(code).toBe(0)
    expect(stdout).toContain(`Usage: foldwise ${verb}`)
    for (const option of ['--project <DIR>', '--json', '--verbose']) expect(stdout).toContain(option)
  })

  it('--version is the version of the package', async () => {
    const { stdout } = await foldwise(['--version'])
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})

describe('a command that cannot be understood ends with code 2 and no result', () => {
  it.each([
    ['an unknown verb', ['trian'], "unknown command 'trian'"],
    ['an unknown option', ['train', '--epoch', '3'], "unknown option '--epoch'"],
    ['a fold that is no number', ['train', 'a', '--fold', 'one'], 'It must be a whole number'],
    ['an unknown engine', ['train', 'a', '--fold', '0', '--engine', 'fast'], 'Allowed choices are auto'],
    ['no experiment', ['train'], 'which experiment shall be trained?'],
    ['no fold', ['train', 'baseline'], 'which fold shall be trained?'],
    ['a resumed run with another seed', ['train', '--resume', 'a.f0.s0', '--seed', '1'], '--resume goes on'],
    ['no output folder', ['predict', 'a.f0.s0', '--input', '.'], "required option '--output <DIR>'"],
    ['no project', ['split'], 'no foldwise/project.jsonc'],
  ])('%s', async (_, args, message) => {
    const { code, stdout, stderr } = await foldwise(args, { cwd: temporaryFolder() })
    expect(stderr).toContain(message)
    expect(stderr).not.toContain('    at ')
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  })
})
