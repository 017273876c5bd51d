import { describe } from 'vitest'
import { draftFeatures } from './drafts.features.js'
import { DecidingWorld } from './world.js'

describe('drafts that officers type, on SQLite', () => draftFeatures(() => DecidingWorld.open()))
