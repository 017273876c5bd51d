import { correctionFeatures } from './corrections.features.js'

correctionFeatures('SQLite', () => Promise.resolve(undefined))
