import { mergingContract } from './merging.features.js'

mergingContract()
