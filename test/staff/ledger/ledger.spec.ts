import { ledgerFeatures } from './ledger.features.js'

ledgerFeatures('SQLite')
