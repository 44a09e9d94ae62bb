import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { experimentFile, temporaryFolder, tinyProject } from './project.ts'
import { ServeClient } from './serveClient.ts'
import { expectProblems, type Expected } from './serveProblems.ts'

const experiments: readonly Expected[] = [
  { title: 'an empty experiment', text: '{}', problems: [] },
  {
    title: 'comments and trailing commas',
    text: '// a\n{ "train": { "epochs": 2, }, /* b */ }',
    problems: [],
  },
  {
    title: 'several mistakes at once, each where it stands',
    text: '{\n  "model": { "encoder_name": "resnet81" },\n  "train": { "epoch": 3, "seed": -1 },\n  "tags": [1]\n}',
    problems: [
      { marks: '"resnet81"', code: 'schema', says: 'encoder', replacements: ['"resnet18"'] },
      { marks: '"epoch"', code: 'schema', says: 'Did you mean "epochs"?', replacements: ['"epochs"'] },
      { marks: '-1', code: 'schema', says: 'at least 0' },
      { marks: '1', code: 'schema', says: 'text in double quotes' },
    ],
  },
  {
    title: 'names of methods that do not exist, with those that were meant',
    text: '{ "loss": [{ "name": "DiceLos" }], "optimizer": { "name": "Adan" }, "scheduler": { "name": "cosineannealinglr" }, "augment": [{ "name": "HorizontalFlp" }] }',
    problems: [
      { marks: '"DiceLos"', code: 'schema', says: 'loss', replacements: ['"DiceLoss"'] },
      { marks: '"Adan"', code: 'schema', says: 'optimizer', replacements: ['"Adam"'] },
      { marks: '"cosineannealinglr"', code: 'schema', says: 'scheduler', replacements: ['"CosineAnnealingLR"'] },
      { marks: '"HorizontalFlp"', code: 'schema', says: 'transform', replacements: ['"HorizontalFlip"'] },
    ],
  },
  {
    title: 'weights that the encoder does not have, with those it has and who has these',
    text: '{ "model": { "encoder_name": "efficientnet-b0", "encoder_weights": "noisy-student" } }',
    problems: [
      {
        marks: '"noisy-student"',
        code: 'unknown-weights',
        says: 'Nearest encoders with noisy-student: timm-efficientnet-b',
        replacements: ['"imagenet"'],
      },
    ],
  },
  {
    title: 'an encoder that does not fit the architecture',
    text: '{ "model": { "arch": "Linknet", "encoder_name": "mit_b0" } }',
    problems: [{ marks: '"mit_b0"', code: 'invalid-value', says: 'Linknet at encoder_depth 5 reads features at half' }],
  },
  {
    title: 'lists that do not fit the classes of the project',
    text: '{ "loss": [{ "name": "CrossEntropyLoss", "class_weights": [1, 2] }, { "name": "DiceLoss", "classes": [0, 7] }] }',
    problems: [
      { marks: '[1, 2]', code: 'class-weights', says: '5 classes', replacements: ['[1, 2, 1, 1, 1]'] },
      { marks: '7', code: 'loss-classes', says: '0 … 4' },
    ],
  },
  {
    title: 'what other libraries call it',
    text: '{ "model": { "encoder": "resnet18" }, "optimizer": { "learning_rate": 0.1 }, "data": { "bs": 4 }, "train": { "max_epochs": 3 } }',
    problems: [
      { marks: '"encoder"', code: 'schema', says: 'Did you mean "encoder_name"?' },
      { marks: '"learning_rate"', code: 'schema', says: 'Did you mean "lr"?' },
      { marks: '"bs"', code: 'schema', says: 'Did you mean "batch_size"?' },
      { marks: '"max_epochs"', code: 'schema', says: 'Did you mean "epochs"?' },
    ],
  },
  {
    title: 'one image per batch, where a BatchNorm then sees one value per channel',
    text: '{ "model": { "arch": "DeepLabV3", "encoder_name": "resnet18" }, "data": { "image_size": [64, 64], "batch_size": 1 } }',
    problems: [{ marks: '1', code: 'one-value-per-channel', says: 'larger batch_size' }],
  },
  {
    title: 'images that are too small for the architecture',
    text: '{ "model": { "arch": "PAN", "encoder_name": "resnet18" }, "data": { "image_size": [96, 96] } }',
    problems: [{ marks: '[96, 96]', code: 'image-too-small', says: 'PAN' }],
  },
  {
    title: 'sides that the decoder cannot halve, with those that it can',
    text: '{ "model": { "arch": "FPN", "encoder_name": "resnet18" }, "data": { "image_size": [100, 96] } }',
    problems: [{ marks: '[100, 96]', code: 'size-not-divisible', says: '[128, 96]' }],
  },
  {
    title: 'views of validation that the decoder cannot take',
    text: '{ "model": { "arch": "FPN", "encoder_name": "resnet18" }, "data": { "image_size": [64, 64] }, "inference": { "tta_scales": [1, 0.75] } }',
    problems: [{ marks: '[1, 0.75]', code: 'size-not-divisible', says: 'tta_scales' }],
  },
  {
    title: 'an encoder that cannot dilate under an architecture that dilates it',
    text: '{ "model": { "arch": "DeepLabV3", "encoder_name": "vgg16_bn" }, "data": { "image_size": [64, 64] } }',
    problems: [{ marks: '"vgg16_bn"', code: 'encoder-does-not-dilate', says: 'dilate' }],
  },
  {
    title: 'monitored scores that do not exist',
    text: '{ "train": { "monitor": "mIou", "early_stopping": { "patience": 0, "monitor": "loss" } } }',
    problems: [
      { marks: '"mIou"', code: 'invalid-value', says: 'Did you mean "mIoU"?' },
      { marks: '0', code: 'schema', says: 'at least 1' },
    ],
  },
  {
    title: 'the monitored score of a class that the project does not have',
    text: '{ "train": { "early_stopping": { "monitor": "dice:backgrund" } } }',
    problems: [{ marks: '"dice:backgrund"', code: 'unknown-monitor', replacements: ['"dice:background"'] }],
  },
  {
    title: 'an option of a union is told by the one that was meant',
    text: '{ "loss": [{ "name": "CrossEntropyLoss", "class_weights": [1, 1, -1, 1, 1] }, { "name": "CrossEntropyLoss", "class_weights": "balancd" }] }',
    problems: [
      { marks: '-1', code: 'schema', says: 'at least 0' },
      { marks: '"balancd"', code: 'schema', replacements: ['"balanced"'] },
    ],
  },
  {
    title: 'what belongs together and does not fit',
    text: '{ "model": { "decoder_channels": [64, 32, 16] } }',
    problems: [{ marks: '[64, 32, 16]', code: 'invalid-value', says: 'encoder_depth' }],
  },
  {
    title: 'a crop that does not fit into the image',
    text: '{ "data": { "image_size": [64, 64] }, "augment": [{ "name": "HorizontalFlip" }, { "name": "RandomCrop", "height": 96, "width": 64 }] }',
    problems: [{ marks: '"RandomCrop"', code: 'crop-too-large', says: 'PadIfNeeded' }],
  },
  {
    title: 'a mix that the losses do not allow',
    text: '{ "mix": { "name": "SnapMix" }, "loss": [{ "name": "DiceLoss" }] }',
    problems: [{ marks: '"SnapMix"', code: 'mix-loss', says: 'CrossEntropyLoss alone' }],
  },
  {
    title: 'a mix that does not exist',
    text: '{ "mix": { "name": "CutMixx" } }',
    problems: [{ marks: '"CutMixx"', code: 'schema', says: 'mix', replacements: ['"CutMix"'] }],
  },
  {
    title: 'channels that images do not have',
    text: '{ "model": { "in_channels": 4 } }',
    problems: [{ marks: '4', code: 'in-channels', replacements: ['3'] }],
  },
  {
    title: 'values that are no sections at all',
    text: '{ "model": null, "loss": [], "augment": "flip", "data": 5 }',
    problems: [
      { marks: 'null', code: 'schema', says: 'an object' },
      { marks: '[]', code: 'schema', says: 'at least 1 element' },
      { marks: '"flip"', code: 'schema', says: 'a list' },
      { marks: '5', code: 'schema', says: 'an object' },
    ],
  },
  { title: 'a list in place of an experiment', text: '[]', problems: [{ marks: '[]', code: 'schema' }] },
  {
    title: 'an element that is not named',
    text: '{ "loss": [{ "weight": 2 }] }',
    problems: [{ marks: '{', code: 'schema', says: '"name" is missing' }],
  },
  {
    title: 'a parent that does not exist, and what is wrong without it',
    text: '{ "extends": "basline", "train": { "epochs": 0 } }',
    problems: [
      { marks: '"basline"', code: 'no-experiment', says: 'Did you mean "baseline"?', replacements: ['"baseline"'] },
      { marks: '0', code: 'schema' },
    ],
  },
  {
    title: 'a parent that is no name',
    text: '{ "extends": "../../secret" }',
    problems: [{ marks: '"../../secret"', code: 'schema' }],
  },
  {
    title: 'an experiment that extends itself',
    text: '{ "extends": "mine" }',
    problems: [{ marks: '"mine"', code: 'extends-cycle', says: 'mine → mine', replacements: ['"baseline"'] }],
  },
  {
    title: 'a key that stands twice',
    text: '{ "train": { "epochs": 1 }, "train": { "epochs": 2 } }',
    problems: [{ marks: '"train"', code: 'repeated-key' }],
  },
  {
    title: 'a missing comma beside a wrong value',
    text: '{ "train": { "epochs": 0 } "data": {} }',
    problems: [
      { marks: '0', code: 'schema' },
      { marks: '"data"', code: 'syntax', says: 'Comma expected' },
    ],
  },
]

describe('check of an experiment', () => {
  it('finds what is wrong in each of these', { timeout: 30_000 }, async () => {
    const project = await tinyProject()
    const client = new ServeClient()
    const file = experimentFile(project, 'mine')
    for (const { title, ...expected } of experiments) {
      const { problems } = await client.ask<'check'>({ type: 'check', file, text: expected.text })
      expect(problems.every((problem) => problem.file === file)).toBe(true)
      expect(() => { expectProblems(problems, expected) }, title).not.toThrow() // prettier-ignore
    }
  })

  it('counts lines and columns as an editor does', async () => {
    const client = new ServeClient()
    const file = experimentFile(await tinyProject(), 'mine')
    for (const [text, line, column] of [
      ['{\r\n  "train": { "epochs": 0 }\r\n}', 1, 23],
      ['{\r"train": { "epochs": 0 } }', 1, 21],
      ['\uFEFF{ "train": { "epochs": 0 } }', 0, 24],
      ['{ "notes": "😀", "train": { "epochs": 0 } }', 0, 38],
    ] as const) {
      const { problems } = await client.ask<'check'>({ type: 'check', file, text })
      expect(problems).toMatchObject([
        { startLine: line, startColumn: column, endLine: line, endColumn: column + 1, code: 'schema' },
      ])
    }
  })

  it('answers whatever has been typed so far', { timeout: 60_000 }, async () => {
    const project = await tinyProject()
    const client = new ServeClient()
    for (const file of [experimentFile(project, 'baseline'), join(project, 'foldwise', 'project.jsonc')]) {
      const whole = readFileSync(file, 'utf8')
      const asked = Array.from({ length: Math.ceil(whole.length / 7) }, async (_, index) => {
        const text = whole.slice(0, index * 7)
        const { problems } = await client.ask<'check'>({ type: 'check', file, text })
        const lines = text.split('\n')
        for (const { startLine, startColumn, endLine, endColumn } of problems) {
          expect(startLine <= endLine && endLine < lines.length).toBe(true)
          expect(startColumn <= lines[startLine].length && endColumn <= lines[endLine].length).toBe(true)
        }
        return problems.filter(({ code }) => code === 'syntax').length
      })
      const faults = await Promise.all(asked)
      // Only the whole text, or all but its last line end, is whole.
      expect(faults.filter((count) => count === 0).length).toBeLessThanOrEqual(1)
      expect(await client.ask<'check'>({ type: 'check', file, text: whole })).toMatchObject({ problems: [] })
    }
    expect(client.stderr).toBe('')
  })

  it('does not choke on what no person types', async () => {
    const client = new ServeClient()
    const file = experimentFile(await tinyProject(), 'mine')
    const texts = [
      '[['.repeat(100_000),
      '{"a":'.repeat(50_000),
      ','.repeat(50_000),
      'x'.repeat(3_000_000),
      '{"__proto__": {"train": 1}, "constructor": 2}',
      '{"model": {"__proto__": null}}',
      '\0\u2028"',
    ]
    for (const text of texts) {
      const { problems } = await client.ask<'check'>({ type: 'check', file, text })
      expect(problems.length).toBeGreaterThan(0)
      expect(problems.length).toBeLessThanOrEqual(100)
    }
  })

  it('marks a text that is valid JSON but not of a project as the schema sees it', async () => {
    const client = new ServeClient()
    const project = temporaryFolder()
    const file = join(project, 'foldwise', 'experiments', 'a.jsonc')
    const text = '{ "loss": [{ "name": "DiceLoss", "class_weights": [1] }], "train": { "epochs": 0 } }'
    const { problems } = await client.ask<'check'>({ type: 'check', file, text })
    expect(problems.map(({ code }) => code)).toEqual(['schema'])
  })
})
