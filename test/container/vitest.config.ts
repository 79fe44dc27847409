import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    include: ['test/container/**/*.test.ts'],
    testTimeout: 300_000,
    // The first run makes a base (debootstrap) and asks npm for packages.
    hookTimeout: 900_000,
    pool: 'forks',
    maxWorkers: 1,
  },
})
