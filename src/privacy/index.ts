/** Personal data: sealed under each ticket's own key, looked up by keyed hashes, erased by destroying the key. */
export type { Place, RandomBytes } from './aead.js'
export { localKeyring, type Keyring, type KeyringConfig, type NamedKey } from './keyring.js'
export { createVault, type BlindIndex, type IndexKind, type Vault } from './vault.js'
export { openKeyFile } from './keyFile.js'
export { createPeople, Identity, type Contact, type NewPerson, type People } from './people.js'
