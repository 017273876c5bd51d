import { listingFeatures } from './listing.features.js'

listingFeatures('SQLite')
