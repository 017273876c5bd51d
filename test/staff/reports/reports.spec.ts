import { reportFeatures } from './reports.features.js'

reportFeatures('SQLite', () => Promise.resolve(null))
