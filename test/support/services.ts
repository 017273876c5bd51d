import { loadConfig, type Config } from '../../src/config.js'
import { openServices, type ServiceParts, type Services } from '../../src/services.js'

/** Who decides in tests holds a token of this process. */
const tokens = (['agent', 'checker', 'supervisor'] as const).map((role) => ({
  ...{ role, actorId: `${role}-1` },
  sha256: Buffer.alloc(32),
}))

/** The services of a test's own world, on embedded defaults: keys in a file of its data folder, nothing outside. */
export const servicesFor = (dataDir: string, parts: ServiceParts, config: Partial<Config> = {}): Services =>
  openServices({ ...loadConfig({}, { data: dataDir }), tokens, ...config }, parts)
