import { guardContract } from './guard.features.js'

guardContract('SQLite', () => Promise.resolve(undefined))
