import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore } from '../../db/index.js'
import { storeContract } from './store.features.js'

storeContract('a SQLite file', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'pulih-contract-'))
  const store = await openStore({ dataDir })
  return {
    store,
    async dispose() {
      await store.close()
      await rm(dataDir, { recursive: true })
    },
  }
})
