import { defineConfig } from 'vitest/config'
import LongestFirst from './test/support/longestFirst.js'
import { keepTemporaryFilesInMemory } from './test/support/scratch.js'

// Every test runs in UTC; calendars bring their own zones (WIB, WITA, WIT), so a test that passes only in one zone shows here.
process.env.TZ = 'UTC'
keepTemporaryFilesInMemory()

export default defineConfig({
  test: {
    testTimeout: 120_000,
    hookTimeout: 240_000,
    // How long something may take is no test's business: what is waited for comes in seconds, on a slow and busy machine in ten times as many.
    expect: { poll: { timeout: 60_000 } },
    pool: 'forks',
    // Collecting what a test leaves behind is a fifth less work with more room for the young, and without helpers that wait for each other on two cores.
    execArgv: ['--max-semi-space-size=64', '--single-threaded-gc'],
    globalSetup: ['test/support/onePostgres.ts'],
    // Two cores, and twice as many files at once: many mostly wait (drills, restores, browsers).
    maxWorkers: 4,
    sequence: { sequencer: LongestFirst },
    include: ['test/**/*.spec.ts'],
    // Loading the sources anew for each file took a seventh of the whole. What a file leaves behind in a module, the next one meets.
    isolate: false,
  },
})
