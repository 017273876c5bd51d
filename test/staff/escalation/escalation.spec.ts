import { escalationFeatures } from './escalation.features.js'

escalationFeatures('SQLite')
