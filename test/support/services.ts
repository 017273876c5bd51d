import { loadConfig, type Config } from '../../src/config.js'
import { openServices, type ServiceParts, type Services } from '../../src/services.js'

/** The services of a test's own world, on embedded defaults: keys in a file of its data folder, nothing outside. */
export const servicesFor = (dataDir: string, parts: ServiceParts, config: Partial<Config> = {}): Services =>
  openServices({ ...loadConfig({}, { data: dataDir }), ...config }, parts)
