import { defineConfig } from 'vitest/config'

// A window takes both cores of a small machine: one file after another.
export default defineConfig({
  test: {
    include: ['test/e2e/**/*.e2e.ts'],
    testTimeout: 240_000,
    hookTimeout: 240_000,
    fileParallelism: false,
    maxWorkers: 1,
    bail: 0,
  },
})
