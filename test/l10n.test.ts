import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

const korean = readJson('l10n/bundle.l10n.ko.json')

function readJson(file: string): Record<string, string> {
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>
}

function sources(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(folder, file))
}

interface Call {
  readonly place: string
  /** undefined where the text is not written out: no translation can be found for it. */
  readonly text: string | undefined
}

/** Every call of a translating function: `vscode.l10n.t` in the host, `text` in the views. */
function translatingCalls(file: string): readonly Call[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true)
  const calls: Call[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && /^(vscode\.)?l10n\.t$|^text$/.test(node.expression.getText())) {
      const [first] = node.arguments
      const { line } = source.getLineAndCharacterOfPosition(node.getStart())
      calls.push({ place: `${file}:${line + 1}`, text: ts.isStringLiteralLike(first) ? first.text : undefined })
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return calls
}

const calls = [...sources('src/extension'), ...sources('webview')].flatMap(translatingCalls)

describe('Korean', () => {
  it('has every text of the host and the views', () => {
    expect(calls.length).toBeGreaterThan(0)
    expect(calls.filter(({ text }) => text === undefined || !(text in korean))).toEqual([])
  })

  it('has no text that nothing says any more', () => {
    const said = new Set(calls.map(({ text }) => text))
    expect(Object.keys(korean).filter((text) => !said.has(text))).toEqual([])
  })

  it.each(Object.entries(korean))('keeps the places of "%s"', (english, translated) => {
    const places = (text: string): readonly string[] => [...new Set(text.match(/\{\d+\}/g))].sort()
    expect(places(translated)).toEqual(places(english))
  })

  it('has every text of the manifest, and the manifest uses each', () => {
    const manifest = readFileSync('package.json', 'utf8')
    const used = [...new Set(Array.from(manifest.matchAll(/"%([\w.]+)%"/g), ([, key]) => key))].sort()
    expect(Object.keys(readJson('package.nls.json')).sort()).toEqual(used)
    expect(Object.keys(readJson('package.nls.ko.json')).sort()).toEqual(used)
  })
})
