import { openStore } from '../../db/index.js'
import { filing } from './rows.js'

// A process of its own, so that a test can kill it in the middle of its work.
const store = await openStore({ dataDir: process.argv[2]! })
console.log('open')
for (let n = 1; ; n++) {
  await store.commit([filing(n)])
  console.log(n)
  // Lets the pipe drain; without it nothing is printed before the kill.
  await new Promise((resume) => setImmediate(resume))
}
