import { randomBytes } from 'node:crypto'
import { openStore, type Store } from '../../db/index.js'
import { embeddedAccounts, embeddedDirectory, seedDirectory, type DirectoryParts } from '../../src/directory/index.js'
import { createVault, localKeyring, openKeyFile, type Vault } from '../../src/privacy/index.js'
import { newPlace, type TestPlace } from '../support/places.js'
import { MORNING, SettableClock } from '../support/world.js'

export const SMALL = 60

/** An embedded directory with a few synthetic people, in a place of its own. */
export class DirectoryWorld {
  readonly directory
  readonly accounts
  private constructor(
    readonly place: TestPlace,
    readonly store: Store,
    readonly vault: Vault,
    readonly clock: SettableClock,
  ) {
    this.directory = embeddedDirectory(this.parts)
    this.accounts = embeddedAccounts(this.parts)
  }
  get parts(): DirectoryParts {
    return { store: this.store.intake.directory, vault: this.vault, clock: this.clock }
  }
  static async open(size = SMALL): Promise<DirectoryWorld> {
    const clock = new SettableClock(MORNING)
    const place = await newPlace('directory')
    const store = await openStore({ ...place, clock })
    const keyring = localKeyring(openKeyFile(place.dataDir, randomBytes), randomBytes)
    const vault = createVault({ keyring, keys: store.intake.keys, clock, random: randomBytes })
    const world = new DirectoryWorld(place, store, vault, clock)
    await seedDirectory(world.parts, { size })
    return world
  }
  async close(): Promise<void> {
    await this.store.close()
    await this.place.dispose()
  }
}
