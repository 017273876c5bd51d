import { objectionsContract } from './objections.features.js'

objectionsContract()
