import { decisionsContract } from './decisions.features.js'

decisionsContract(() => Promise.resolve({}))
