import { Argument, type Command } from 'commander'
import * as z from 'zod'
import { experimentJsonSchema, projectJsonSchema } from '../../core/jsonSchema.ts'
import { runEventSchema } from '../../protocol/events.ts'
import { runRecordSchema, runResultSchema } from '../../protocol/runFolder.ts'
import { encoders } from '../../model/encoders/registry.ts'
import { experimentSchema } from '../../train/experimentSchema.ts'
import { outputOf } from '../globalOptions.ts'

const schemas = {
  experiment: () => experimentJsonSchema(experimentSchema, encoders.all),
  project: projectJsonSchema,
  events: () => titled(runEventSchema, 'Foldwise event'),
  run: () => titled(runRecordSchema, 'Foldwise run'),
  result: () => titled(runResultSchema, 'Foldwise result'),
} as const

/** `foldwise schema [experiment|project|events|run|result]`. */
export function addSchema(program: Command): void {
  program
    .command('schema')
    .summary('JSON Schema of a file')
    .description('Prints the JSON Schema (draft 7) of a file that Foldwise reads or writes.')
    .addArgument(new Argument('[KIND]', 'which file').choices(Object.keys(schemas)).default('experiment'))
    .action((kind: keyof typeof schemas, _options: object, command: Command) => {
      outputOf(command).line(JSON.stringify(schemas[kind](), undefined, 2))
    })
}

function titled(schema: z.ZodType, title: string): object {
  return { ...z.toJSONSchema(schema, { target: 'draft-7' }), title }
}
