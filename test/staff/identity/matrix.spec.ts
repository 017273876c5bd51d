import { matrixFeatures } from './matrix.features.js'

matrixFeatures('SQLite', () => Promise.resolve(undefined))
