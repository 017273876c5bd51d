import { applyContract } from './apply.features.js'

applyContract()
