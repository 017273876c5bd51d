/** `npx tsx test/machines/freeze.ts`: freezes the fixtures of a new machine version; existing ones are never rewritten. */
import { freeze } from './frozen.js'

console.log(freeze().join('\n'))
