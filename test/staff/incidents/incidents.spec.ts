import { incidentFeatures } from './incidents.features.js'

incidentFeatures('SQLite', () => Promise.resolve(undefined))
