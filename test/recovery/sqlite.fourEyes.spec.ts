import { fourEyesContract } from './fourEyes.features.js'

fourEyesContract()
