import { build } from 'esbuild'
import { minify } from 'terser'
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'

rmSync('dist', { recursive: true, force: true })

const common = {
  bundle: true,
  // jsonc-parser's main is UMD, whose require a bundler cannot follow.
  mainFields: ['module', 'main'],
  sourcemap: true,
  sourcesContent: false,
  logLevel: 'warning',
}

/**
 * The host checks values that came out of JSON: it makes no JSON Schemas, meets no cycles and no e-mail addresses. zod's code
 * for those is a sixth of what the host may weigh.
 */
const leanZod = {
  name: 'lean-zod',
  setup({ onLoad }) {
    const none = "const none = () => () => { throw new Error('the host makes no JSON Schemas') }"
    const stubs = {
      'to-json-schema': `${none}; export const createToJSONSchemaMethod = none, createStandardJSONSchemaMethod = none, initializeContext = none, process = none, extractDefs = none, finalize = none, toJSONSchema = none`,
      'json-schema-processors': 'export const toJSONSchema = undefined',
      'json-schema-generator': 'export class JSONSchemaGenerator {}',
      memoizer: 'export const memoizer = () => undefined, isBackEdge = () => false, isRecursiveSchema = () => false',
    }
    for (const [file, contents] of Object.entries(stubs))
      onLoad({ filter: new RegExp(`zod[\\/]v4[\\/]core[\\/]${file}\\.js$`) }, () => ({ contents, loader: 'js' }))
    // `z.string()` has a method for every format that zod knows, and each brings its checks along.
    const formatMethod = /^ {4}\w+\(params\) \{\s*return this\.check\(core\._\w+\(Zod\w+, params\)\);\s*\},?$/gm
    onLoad({ filter: /zod[\\/]v4[\\/]classic[\\/]schemas\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replaceAll(formatMethod, ''),
      loader: 'js',
    }))
  },
}

/** Nor does it check formats of the web: using one of these fails at once, as they have no pattern then. */
const leanFormats = {
  name: 'lean-formats',
  setup({ onLoad }) {
    const unused =
      /^export const (guid|email|ipv4|ipv6|cidrv4|cidrv6|base64|base64url|duration|e164|creditCard|cuid|cuid2|ulid|xid|ksuid|nanoid) = .*$/gm
    onLoad({ filter: /zod[\\/]v4[\\/]core[\\/]regexes\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace(unused, 'export const $1 = undefined'),
      loader: 'js',
    }))
  },
}

/** Nor does the host show what schemas say of themselves: their descriptions are for JSON Schema and help. */
const withoutDescriptions = {
  name: 'without-descriptions',
  setup({ onLoad }) {
    const description = /\.describe\(\s*(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"),?\s*\)/g
    onLoad({ filter: /src[\\/](core|protocol)[\\/].*\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replaceAll(description, ''),
      loader: 'ts',
    }))
  },
}

// The program: one file for the command line, one for the workers that decode images, one for the thread that reads files of
// PyTorch. Native modules stay outside.
await build({
  ...common,
  entryPoints: {
    cli: 'src/cli/main.ts',
    loaderWorker: 'src/data/loader/worker.ts',
    torchFileWorker: 'src/model/torchFile/worker.ts',
  },
  outdir: 'dist',
  platform: 'node',
  target: 'node20.9',
  format: 'esm',
  external: ['onnxruntime-node', 'sharp'],
  // CommonJS dependencies inside an ES module still call require.
  banner: {
    js: "import { createRequire as foldwiseRequire } from 'node:module';const require = foldwiseRequire(import.meta.url);",
  },
})

// The host: what VS Code loads. One file: what activation does not need is evaluated when it is first imported.
await build({
  ...common,
  entryPoints: { extension: 'src/extension/extension.ts' },
  outdir: 'dist/host',
  platform: 'node',
  target: 'node20.9',
  format: 'esm',
  minify: true,
  charset: 'utf8',
  legalComments: 'none',
  external: ['vscode'],
  plugins: [leanZod, leanFormats, withoutDescriptions],
})

// A last squeeze of what esbuild has written: 3 %.
const host = 'dist/host/extension.js'
const { code, map } = await minify(readFileSync(host, 'utf8'), {
  module: true,
  ecma: 2022,
  compress: { passes: 3, pure_getters: true, keep_fargs: false },
  sourceMap: { content: readFileSync(`${host}.map`, 'utf8'), url: 'extension.js.map' },
})
writeFileSync(host, code)
writeFileSync(`${host}.map`, map)

// The webviews: one script each.
await build({
  ...common,
  entryPoints: { curves: 'webview/curves/main.ts', overlay: 'webview/overlay/main.ts' },
  outdir: 'dist/webview',
  platform: 'browser',
  target: 'chrome122',
  format: 'esm',
  minify: true,
})
for (const file of ['codicon.css', 'codicon.ttf'])
  copyFileSync(`node_modules/@vscode/codicons/dist/${file}`, `dist/webview/${file}`)

// JSON Schemas for the editor come from the same declarations that the program validates with.
mkdirSync('dist/schemas')
for (const kind of ['experiment', 'project', 'events']) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['dist/cli.js', 'schema', kind], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  if (status !== 0) throw new Error(`foldwise schema ${kind}: ${stderr}`)
  writeFileSync(`dist/schemas/${kind}.schema.json`, stdout)
}
