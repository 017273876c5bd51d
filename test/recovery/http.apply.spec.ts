import { describe } from 'vitest'
import { applyContract } from './apply.features.js'

describe('over HTTP', () => {
  applyContract(true)
})
