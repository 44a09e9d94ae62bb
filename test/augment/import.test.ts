import { describe, expect, it } from 'vitest'
import { importAlbumentations } from '../../src/augment/import/importAlbumentations.ts'
import { preparePipeline } from '../../src/augment/pipeline.ts'
import { UserError } from '../../src/core/errors.ts'

function errorOf(text: string): UserError {
  try {
    importAlbumentations(text)
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

const kaggle = `import albumentations as A  # the usual
import cv2
from albumentations.pytorch import ToTensorV2

SIZE = 512
train = A.Compose([
    A.RandomResizedCrop(height=SIZE, width=512, scale=(0.5, 1.0)),
    A.HorizontalFlip(p=0.5),
    A.OneOf([
        A.GaussNoise(var_limit=(10.0, 50.0)),   # mild
        albumentations.GaussianBlur(blur_limit=(3, 7)),
        A.MotionBlur(p=.2),
    ], p=0.3),
    A.ShiftScaleRotate(shift_limit=0.0625, scale_limit=0.1, rotate_limit=-15 * -1, border_mode=cv2.BORDER_REFLECT_101, p=0.5,
                       interpolation=cv2.INTER_LINEAR, value=0, mask_value=255),
    A.CoarseDropout(max_holes=8, max_height=20, max_width=20, min_holes=4, min_height=8, min_width=8, fill_value=0, p=1.0),
    A.Resize(256, 320, always_apply=True),
    A.Solarize(threshold=128, p=0.1),
    MyTransform(strength='high "very"', table={'a': [1, 2]}),
    A.Normalize(mean=(0.485, 0.456, 0.406)),
    ToTensorV2(),
], bbox_params=None)
model = build(SIZE)
`

describe('Python text', () => {
  const { augment, notes } = importAlbumentations(kaggle)
  const of = (name: string) => augment.find((one) => one.name === name)
  const noteOf = (word: string) => notes.find(({ text }) => text.includes(word))

  it('keeps the order, and leaves out what the loader does itself', () => {
    expect(augment.map(({ name }) => name)).toEqual([
      'RandomResizedCrop',
      'HorizontalFlip',
      'OneOf',
      'ShiftScaleRotate',
      'CoarseDropout',
      'Resize',
      'Solarize',
    ])
    expect(noteOf('Normalize')).toMatchObject({ kind: 'ignored', line: 20 })
  })

  it('reads nested lists', () => {
    expect(of('OneOf')).toEqual({
      name: 'OneOf',
      transforms: [
        { name: 'GaussNoise', std_range: [0.0124, 0.02773] },
        { name: 'GaussianBlur', blur_limit: [3, 7] },
        { name: 'MotionBlur', p: 0.2 },
      ],
      p: 0.3,
    })
    expect(noteOf('var_limit')).toMatchObject({ kind: 'changed', line: 10 })
  })

  it('knows flags of OpenCV, renamed arguments and calculations with numbers', () => {
    expect(of('ShiftScaleRotate')).toMatchObject({
      border_mode: 'reflect_101',
      interpolation: 'linear',
      rotate_limit: 15,
      fill: 0,
      fill_mask: 255,
    })
    expect(of('Solarize')).toEqual({ name: 'Solarize', threshold_range: [128 / 255, 128 / 255], p: 0.1 })
    expect(of('Resize')).toEqual({ name: 'Resize', height: 256, width: 320, p: 1 })
  })

  it('keeps what 1.x meant by its arguments, and warns', () => {
    expect(of('CoarseDropout')).toMatchObject({ max_holes: 8, min_holes: 4, max_height: 20, fill: 0, p: 1 })
    expect(noteOf('0.45 %')).toMatchObject({ kind: 'changed', line: 16 })
  })

  it('names what it does not know, with the line', () => {
    expect(noteOf('MyTransform')).toMatchObject({ kind: 'unknown', line: 19 })
  })

  it('says which values are not written out, and what is missing then', () => {
    expect(noteOf('SIZE')).toMatchObject({ line: 7 })
  })

  it('makes a list that trains, but for what it said must be given', () => {
    expect(() => preparePipeline(augment.filter(({ name }) => name !== 'RandomResizedCrop'))).not.toThrow()
  })

  it('points at the line where it cannot be read', () => {
    expect(errorOf('A.Compose([\n  A.HorizontalFlip(,\n])').details).toMatchObject({ code: 'broken-python', line: 2 })
    expect(errorOf('A.Compose([\n  A.HorizontalFlip(p=1)').details).toMatchObject({ code: 'broken-python' })
    expect(errorOf('x = Compose(transforms)').details.code).toBe('no-compose')
  })

  it('reads conditions and comprehensions as what they are: not written out', () => {
    const { augment: list, notes: said } = importAlbumentations(
      'A.Compose([A.HorizontalFlip(p=0.5 if train else 0), A.Blur(blur_limit=(3, max(a, b)[0])), *extra])',
    )
    expect(list).toEqual([{ name: 'HorizontalFlip' }, { name: 'Blur' }])
    expect(said.map(({ kind }) => kind)).toEqual(['ignored', 'changed', 'unknown'])
  })
})

describe('files of A.save', () => {
  const file = (version: string, transforms: object[]): string =>
    JSON.stringify(
      {
        __version__: version,
        transform: { __class_fullname__: 'Compose', p: 1, transforms, bbox_params: null, is_check_shapes: true },
      },
      null,
      2,
    )

  it('of 1.3: names with modules, flags as numbers', () => {
    const { augment, notes } = importAlbumentations(
      file('1.3.1', [
        { __class_fullname__: 'HorizontalFlip', always_apply: false, p: 0.5 },
        {
          __class_fullname__: 'albumentations.augmentations.geometric.transforms.ShiftScaleRotate',
          always_apply: false,
          p: 0.5,
          shift_limit_x: [-0.1, 0.1],
          rotate_limit: [-10, 10],
          interpolation: 1,
          border_mode: 4,
          value: null,
          mask_value: null,
        },
        { __class_fullname__: 'GaussNoise', p: 0.2, var_limit: [10, 50], per_channel: true, mean: 0 },
      ]),
    )
    expect(augment[0]).toEqual({ name: 'HorizontalFlip', p: 0.5 })
    expect(augment[1]).toEqual({
      name: 'ShiftScaleRotate',
      p: 0.5,
      shift_limit_x: [-0.1, 0.1],
      rotate_limit: [-10, 10],
      interpolation: 'linear',
      border_mode: 'reflect_101',
    })
    expect(augment[2]).toEqual({ name: 'GaussNoise', p: 0.2, per_channel: true, std_range: [0.0124, 0.02773] })
    expect(notes.find(({ text }) => text.includes('half a pixel'))!.line).toBe(13)
    expect(() => preparePipeline(augment)).not.toThrow()
  })

  it('are told of borders that get a class, and not of what is off', () => {
    const { augment, notes } = importAlbumentations(
      file('1.4.24', [
        {
          __class_fullname__: 'Affine',
          p: 1,
          ...{ border_mode: 0, fill: 0, fill_mask: 0, mask_interpolation: 0, fit_output: false, unheard: 5 },
        },
      ]),
    )
    expect(augment).toEqual([{ name: 'Affine', p: 1, border_mode: 'constant', fill: 0, fill_mask: 0 }])
    expect(notes.map(({ text }) => text.split(' ').slice(0, 2).join(' '))).toEqual([
      'Affine: fill_mask',
      'Affine: unheard',
    ])
  })

  it('of 2.x in YAML, nested', () => {
    const { augment, notes } = importAlbumentations(`__version__: 2.0.8
transform:
  __class_fullname__: Compose
  p: 1.0
  transforms:
  - __class_fullname__: OneOf
    p: 0.5
    transforms:
    - __class_fullname__: GridDropout
      p: 1.0
      holes_number_xy: [4, 6]
    - __class_fullname__: Vignette
      p: 0.5
`)
    expect(augment).toEqual([
      { name: 'OneOf', p: 0.5, transforms: [{ name: 'GridDropout', p: 1, holes_number_xy: [4, 6] }] },
    ])
    expect(notes).toMatchObject([
      { kind: 'changed', line: 9 },
      { kind: 'unknown', line: 12 },
    ])
  })

  it('are refused where they are something else', () => {
    expect(errorOf('{"a": 1}').details.code).toBe('no-compose')
    expect(errorOf('{"a": ').details.code).toBe('broken-yaml')
  })
})
