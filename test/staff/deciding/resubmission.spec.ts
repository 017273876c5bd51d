import { describe } from 'vitest'
import { resubmissionFeatures } from './resubmission.features.js'
import { DecidingWorld } from './world.js'

describe('a no and the way back, on SQLite', () => resubmissionFeatures(() => DecidingWorld.open()))
