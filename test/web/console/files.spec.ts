import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import express from 'express'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startHttp, type HttpServer } from '../../../src/api/index.js'
import { createConsole } from '../../../src/web/consoleServer/index.js'
import { consoleFolder } from '../../../src/web/consoleServer/files.js'

interface Chunk {
  readonly file: string
  readonly css?: readonly string[]
  readonly imports?: readonly string[]
  readonly dynamicImports?: readonly string[]
}

describe('the files of the console', () => {
  let http: HttpServer
  let folder: string
  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(`http://127.0.0.1:${http.port}${path}`, { headers, redirect: 'manual' })
  beforeAll(async () => {
    execFileSync(process.execPath, ['scripts/console.mjs'], { stdio: 'inherit' })
    folder = consoleFolder() ?? ''
    const app = express()
    app.use(createConsole({ oidc: true })!)
    app.use((_req, res) => void res.status(404).end())
    http = await startHttp({ app, host: '127.0.0.1', port: 0 })
  })
  afterAll(() => http.stop(0))

  const manifest = () => JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Record<string, Chunk>
  /** What a chunk needs before it can run. */
  const needs = (all: Record<string, Chunk>, key: string, seen = new Set<string>()): ReadonlySet<string> => {
    const chunk = all[key]!
    for (const file of [chunk.file, ...(chunk.css ?? [])]) seen.add(file)
    for (const it of chunk.imports ?? []) needs(all, it, seen)
    return seen
  }
  const gzipped = (file: string) => readFileSync(join(folder, `${file}.gz`)).byteLength

  it('the first load, worklist or case, is far below 250 kB gzip', () => {
    const all = manifest()
    for (const page of ['worklist/WorklistPage', 'ticket/TicketPage']) {
      const files = new Set([...needs(all, 'index.html'), ...needs(all, `pages/${page}.tsx`)])
      const bytes = [...files].reduce((sum, file) => sum + gzipped(file), gzipped('index.html'))
      expect(bytes, page).toBeLessThan(130_000)
      expect(bytes, page).toBeGreaterThan(50_000)
    }
  })

  it('A39: one page for every address, under a policy that lets only own files in', async () => {
    for (const path of ['/petugas', '/petugas/', '/petugas/tiket/0190', '/petugas/a/b/c']) {
      const answer = await get(path)
      expect(answer.status, path).toBe(200)
      expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
      const policy = answer.headers.get('content-security-policy') ?? ''
      expect(policy).toContain("default-src 'none'")
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).not.toContain('unsafe')
      const html = await answer.text()
      expect(html).toContain('<meta name="pulih-oidc" content="yes"')
      expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|<style|style=|https?:|\/\/[a-z]/)
    }
    expect((await get('/petugasx')).status).toBe(404)
  })

  it('files keep their names for good, and come compressed as the browser takes them', async () => {
    const { file } = manifest()['index.html']!
    for (const [wanted, given] of [
      ['br, gzip', 'br'],
      ['gzip', 'gzip'],
      ['identity', null],
    ] as const) {
      const answer = await get(`/petugas/${file}`, { 'accept-encoding': wanted })
      expect(answer.headers.get('content-encoding')).toBe(given)
      expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
      expect(answer.headers.get('vary')).toBe('Accept-Encoding')
      expect(readFileSync(join(folder, file)).equals(Buffer.from(await answer.arrayBuffer()))).toBe(true)
    }
  })

  it('nothing else in or around the folder can be had', async () => {
    for (const path of [
      '/petugas/aset/none.js',
      '/petugas/aset/..%2fmanifest.json',
      '/petugas/aset/%2e%2e%2f%2e%2e%2f.stamp',
    ])
      expect((await get(path)).status, path).toBeGreaterThanOrEqual(400)
    expect(await (await get('/petugas/manifest.json')).text()).toContain('<div id="root">')
  })

  it('nothing of the server is in the bundle', () => {
    const code = Object.values(manifest())
      .filter(({ file }) => file.endsWith('.js'))
      .map(({ file }) => readFileSync(join(folder, file), 'utf8'))
      .join('')
    const found = ['drizzle', 'better-sqlite3', 'ZodError', 'jsxDEV', 'PulihError'].filter((it) => code.includes(it))
    expect(found).toEqual([])
  })

  it('is not there where it was not built', () => {
    expect(createConsole({ oidc: false, folder: null })).toBeNull()
  })
})
