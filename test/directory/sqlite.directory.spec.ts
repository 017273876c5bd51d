import { expect, it } from 'vitest'
import { directoryContract, everyKindIsThere } from './directory.features.js'

it('the small directory has every kind', () => {
  expect(everyKindIsThere()).toBe(true)
})

directoryContract()
