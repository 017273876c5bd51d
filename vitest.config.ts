import { defineConfig } from 'vitest/config'
import LongestFirst from './test/support/longestFirst.js'

// Every test runs in UTC; calendars bring their own zones (WIB, WITA, WIT), so a test that passes only in one zone shows here.
process.env.TZ = 'UTC'

export default defineConfig({
  test: {
    include: ['test/**/*.spec.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: 'forks',
    // Loading the sources anew for each file took a seventh of the whole. What a file leaves behind in a module, the next one meets.
    isolate: false,
    // Two cores and a third for the files that mostly wait (drills, restores).
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
  },
})
