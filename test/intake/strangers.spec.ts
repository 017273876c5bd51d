import { strangerFeatures } from './strangers.features.js'

strangerFeatures('SQLite', () => Promise.resolve(undefined))
