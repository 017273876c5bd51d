import { documentStoreFeatures } from './store.features.js'

documentStoreFeatures('SQLite')
