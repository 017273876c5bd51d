import { describe } from 'vitest'
import { killedContract } from './killed.features.js'

describe('on SQLite', () => {
  killedContract({
    apply: ['after replace', 'before commit on'],
    merge: ['before commitTogether on'],
  })
})
