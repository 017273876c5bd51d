import { benchEngine } from './engine.js'

// In a process of its own, compiled and with the settings that the product has (bench/compiled.ts).
const options = JSON.parse(process.argv[2] ?? '{}') as Parameters<typeof benchEngine>[0]
process.stdout.write(JSON.stringify(await benchEngine(options)))
