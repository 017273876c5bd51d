/** Personal data: sealed under each ticket's own key, looked up by keyed hashes, erased by destroying the key. */
export type { Place } from './aead.js'
export { localKeyring, type Keyring, type KeyringConfig } from './keyring.js'
export { createVault, type BlindIndex, type Vault } from './vault.js'
export { keyFileOf, openKeyFile } from './keyFile.js'
export { createCare, type Care } from './care.js'
export { assertRing, missingKeys } from './ring.js'
export { tombstoneFile, TOMBSTONES } from './tombstones.js'
export { createPeople, Identity, type Contact, type NewPerson, type People } from './people.js'
export { lookAtOldContacts, oldContactsOf, type OldContacts } from './oldContacts.js'
export {
  ANSWER_REASONS,
  BREACH_DATA,
  BREACH_REMEDIES,
  BREACH_WAYS,
  countdown,
  createDataRequests,
  DataRequestAnswered,
  NewDataRequest,
  DATA_REQUEST_KINDS,
  type DataRequests,
  type DataRequestView,
} from './dataRequests.js'
export { exportPerson, type Exported } from './exporting.js'
