import { openStore } from '../../db/index.js'
import { filing } from './rows.js'

// A process of its own, so that a test can kill it in the middle of its work: `dataDir [databaseUrl first]`.
const [dataDir, databaseUrl, first = '1'] = process.argv.slice(2)
const store = await openStore({ dataDir: dataDir!, databaseUrl })
console.log('open')
for (let n = Number(first); ; n++) {
  await store.commit([filing(n)])
  console.log(n)
  // Lets the pipe drain; without it nothing is printed before the kill.
  await new Promise((resume) => setImmediate(resume))
}
