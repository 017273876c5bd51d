import { proofRaceFeatures } from './proofRace.features.js'

proofRaceFeatures('SQLite', () => Promise.resolve(undefined))
