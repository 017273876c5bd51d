import { configDefaults, defineConfig } from 'vitest/config'
import LongestFirst from './test/support/longestFirst.js'
import { keepTemporaryFilesInMemory } from './test/support/scratch.js'

// Every test runs in UTC; calendars bring their own zones (WIB, WITA, WIT), so a test that passes only in one zone shows here.
process.env.TZ = 'UTC'
keepTemporaryFilesInMemory()

/** Its PostgreSQL suite loads the others' files a second time, which needs modules of its own. */
const APART = ['test/engine/**/*.spec.ts']

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // How long something may take is no test's business; a second, the default, a busy machine does not always have.
    expect: { poll: { timeout: 45_000 } },
    pool: 'forks',
    globalSetup: ['test/support/onePostgres.ts'],
    // Two cores, and twice as many files at once: many mostly wait (drills, restores, browsers).
    maxWorkers: 4,
    sequence: { sequencer: LongestFirst },
    projects: [
      { extends: true, test: { name: 'engine', include: APART } },
      {
        extends: true,
        test: {
          name: 'pulih',
          include: ['test/**/*.spec.ts'],
          exclude: [...configDefaults.exclude, ...APART],
          // Loading the sources anew for each file took a seventh of the whole. What a file leaves behind in a module, the next one meets.
          isolate: false,
        },
      },
    ],
  },
})
