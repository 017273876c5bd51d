import { claimFeatures } from './claims.features.js'

claimFeatures('SQLite')
