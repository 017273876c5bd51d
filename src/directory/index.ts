/** What stands in for the institution's own participant directory and account service: synthetic people in the same database. */
export { embeddedAccounts, embeddedDirectory } from './embedded.js'
export { startReferenceServer, type ReferenceParts } from './server.js'
export { seedDirectory, SYNTHETIC_SEED, SYNTHETIC_SIZE, type DirectoryParts } from './seed.js'
export { KINDS, syntheticPeople, syntheticPerson, type Kind, type SyntheticPerson } from './synthetic.js'
