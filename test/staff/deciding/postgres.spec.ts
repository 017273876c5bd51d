import { describe } from 'vitest'
import { describeOnPostgres } from '../../support/postgresSuite.js'
import { branchFeatures } from './branch.features.js'
import { draftFeatures } from './drafts.features.js'
import { resubmissionFeatures } from './resubmission.features.js'
import { DecidingWorld } from './world.js'

describeOnPostgres('deciding on PostgreSQL', (server) => {
  const open = async () => DecidingWorld.open(await server().database())

  describe('a walk-in', () => branchFeatures(open))
  describe('drafts that officers type', () => draftFeatures(open))
  describe('a no and the way back', () => resubmissionFeatures(open))
})
