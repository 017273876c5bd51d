import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

// Node has it, its types say only what it gives.
const { WebAssembly } = globalThis as unknown as { WebAssembly: { compile(code: Uint8Array): Promise<unknown> } }
const pglite = dirname(createRequire(import.meta.url).resolve('@electric-sql/pglite'))

// Held for as long as this process lives: its threads share the compilation, which takes each of them most of a second while nobody holds it.
Object.assign(globalThis, { compiledPglite: await WebAssembly.compile(readFileSync(join(pglite, 'pglite.wasm'))) })

export {}
