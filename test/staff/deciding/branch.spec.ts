import { describe } from 'vitest'
import { branchFeatures } from './branch.features.js'
import { DecidingWorld } from './world.js'

describe('a walk-in, on SQLite', () => branchFeatures(() => DecidingWorld.open()))
