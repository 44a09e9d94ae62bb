import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** In the order of their names: `looks` looks at what `journey` has trained. */
class ByName extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return Promise.resolve(files.toSorted((left, right) => (left.moduleId < right.moduleId ? -1 : 1)))
  }
}

// A window takes both cores of a small machine: one file after another.
export default defineConfig({
  test: {
    include: ['test/e2e/**/*.e2e.ts'],
    testTimeout: 240_000,
    hookTimeout: 240_000,
    fileParallelism: false,
    maxWorkers: 1,
    bail: 0,
    sequence: { sequencer: ByName },
  },
})
