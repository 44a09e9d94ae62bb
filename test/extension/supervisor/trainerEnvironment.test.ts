import { describe, expect, it } from 'vitest'
import { trainerEnvironment } from '../../../src/extension/supervisor/trainerEnvironment.ts'

const name = 'GLIBC_TUNABLES'

describe('the environment of a trainer', () => {
  it('asks for large pages where a training on Linux is long', () => {
    expect(trainerEnvironment({ HOME: '/home/a' }, 'train', 'linux')).toEqual({
      HOME: '/home/a',
      ELECTRON_RUN_AS_NODE: '1',
      [name]: 'glibc.malloc.hugetlb=1',
    })
    expect(trainerEnvironment({}, 'debug', 'linux')[name]).toBeUndefined()
    expect(trainerEnvironment({}, 'train', 'darwin')[name]).toBeUndefined()
  })

  it('leaves what the user has set', () => {
    expect(trainerEnvironment({ [name]: 'glibc.malloc.hugetlb=0' }, 'train', 'linux')[name]).toBe(
      'glibc.malloc.hugetlb=0',
    )
    expect(trainerEnvironment({ [name]: 'glibc.malloc.check=1' }, 'train', 'linux')[name]).toBe(
      'glibc.malloc.check=1:glibc.malloc.hugetlb=1',
    )
  })
})
