import { rolesFeatures } from './roles.features.js'
import { signInFeatures } from './signIn.features.js'

signInFeatures('SQLite', () => Promise.resolve(undefined))
rolesFeatures('SQLite', () => Promise.resolve(undefined))
