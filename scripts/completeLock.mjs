// After `npm install` against a registry mirror that lacks other platforms' optional packages, their entries are missing from the lock and
// `npm ci` refuses it everywhere. This writes the entries from what their parents pin; they are never installed on a platform they do not name.
import { readFileSync, writeFileSync } from 'node:fs'

const FILE = 'package-lock.json'
const OS = {
  darwin: 'darwin',
  linux: 'linux',
  win32: 'win32',
  freebsd: 'freebsd',
  android: 'android',
  openharmony: 'openharmony',
}
const CPU = { arm64: 'arm64', arm: 'arm', x64: 'x64', ia32: 'ia32', ppc64: 'ppc64', riscv64: 'riscv64', s390x: 's390x' }

const lock = JSON.parse(readFileSync(FILE, 'utf8'))
let added = 0
for (const [path, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const known = `${path}/node_modules/${name}` in lock.packages || `node_modules/${name}` in lock.packages
    const words = name.split(/[/-]/)
    const os = words.map((it) => OS[it]).find(Boolean)
    const cpu = words.map((it) => (it.startsWith('arm-') || it === 'arm' ? 'arm' : CPU[it])).find(Boolean)
    if (known || os === undefined || cpu === undefined || !/^\d/.test(version)) continue
    lock.packages[`node_modules/${name}`] = {
      version,
      ...(entry.dev === true ? { dev: true } : {}),
      cpu: [cpu],
      license: entry.license,
      optional: true,
      os: [os],
    }
    added += 1
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)))
writeFileSync(FILE, `${JSON.stringify(lock, null, 2)}\n`)
console.log(`${FILE}: ${added} entries added`)
