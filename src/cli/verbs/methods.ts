import type { Command } from 'commander'
import * as z from 'zod'
import { UserError } from '../../core/errors.ts'
import { nearestName } from '../../core/nearest.ts'
import { outputOf } from '../globalOptions.ts'
import { methodKinds } from '../methods.ts'
import { methodMarkdown, methodsMarkdown } from '../output/methodsMarkdown.ts'
import { table } from '../output/table.ts'

interface MethodsOptions {
  readonly markdown?: boolean
}

/** `foldwise methods [NAME] [--markdown]`. */
export function addMethods(program: Command): void {
  program
    .command('methods')
    .summary('everything that an experiment can name, and the arguments of each')
    .description(
      'Lists architectures, encoders, losses, optimizers, schedules, transforms, mixes and splits, or explains one.',
    )
    .argument('[NAME]', 'one of them: shows its arguments')
    .option('--markdown', 'all of them with their arguments, as one Markdown document')
    .action(methods)
}

function methods(name: string | undefined, options: MethodsOptions, command: Command): void {
  const output = outputOf(command)
  const all = methodKinds.flatMap(({ kind, key, registry }) =>
    registry.all.map((definition) => ({ kind, key, definition })),
  )
  const chosen = name === undefined ? all : all.filter(({ definition }) => definition.name === name)
  if (name !== undefined && chosen.length === 0) {
    throw unknownMethod(
      name,
      all.map(({ definition }) => definition.name),
    )
  }
  if (output.isJson) {
    for (const { kind, key, definition } of chosen) {
      const schema = z.toJSONSchema(definition.arguments, { io: 'input', target: 'draft-7' })
      output.record({
        type: 'method',
        kind,
        key,
        name: definition.name,
        summary: definition.summary,
        arguments: schema,
      })
    }
  } else if (options.markdown === true) output.line(methodsMarkdown().trimEnd())
  else if (name === undefined) {
    output.line(
      table(
        ['kind', 'name', ''],
        all.map(({ kind, definition }) => [kind, definition.name, definition.summary]),
      ),
    )
  } else {
    const text = chosen.map(({ key, definition }) => `${methodMarkdown(definition)}\n\nStands at ${key}.`).join('\n\n')
    output.line(withoutEscapes(text))
  }
}

/** A terminal shows Markdown as it stands: the marks before literal characters only disturb there. */
function withoutEscapes(markdown: string): string {
  return markdown.replaceAll(/\\([\\`*_[\]<>#|])/g, '$1')
}

function unknownMethod(name: string, names: readonly string[]): UserError {
  const nearest = nearestName(name, names)
  return new UserError(`There is no method "${name}".`, {
    value: name,
    hint: nearest === undefined ? 'foldwise methods lists them.' : `Did you mean "${nearest}"?`,
    code: 'unknown-name',
  })
}
