import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { folderFileStore, type StoredFile } from '../../src/ports/fileStore.js'

const REF = '0123456789abcdef0123456789abcdef'
const OTHER = 'fedcba98765432100123456789abcdef'

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'pulih-files-'))
  onTestFinished(() => rm(path, { recursive: true }))
  return join(path, 'files')
}
async function all(files: AsyncIterable<StoredFile>): Promise<readonly StoredFile[]> {
  const found: StoredFile[] = []
  for await (const file of files) found.push(file)
  return found
}

it('keeps bytes, gives them back, and forgets them', async () => {
  const at = await folder()
  const store = folderFileStore(at)
  expect(await store.get(REF)).toBeNull()
  expect(await all(store.list())).toEqual([])
  await store.put(REF, Buffer.from('sealed'))
  await store.put(OTHER, Buffer.from('too'))
  expect((await store.get(REF))?.toString()).toBe('sealed')
  expect([await store.has(REF), await store.has('0'.repeat(32))]).toEqual([true, false])
  expect((await all(store.list())).map(({ ref }) => ref).toSorted()).toEqual([REF, OTHER])
  expect((await all(store.list()))[0]?.storedAt).toBeGreaterThan(0)
  await store.remove(REF)
  await store.remove(REF)
  expect(await store.get(REF)).toBeNull()
  expect((await all(store.list())).map(({ ref }) => ref)).toEqual([OTHER])
})

it('lets nobody else on the machine look: 0600 in folders of 0700', async () => {
  const at = await folder()
  await folderFileStore(at).put(REF, Buffer.from('sealed'))
  expect((await stat(join(at, '01', REF))).mode & 0o777).toBe(0o600)
  expect((await stat(join(at, '01'))).mode & 0o777).toBe(0o700)
  expect((await stat(at)).mode & 0o777).toBe(0o700)
})

it('A15: a name is 32 hex digits and never a path; none is written twice', async () => {
  const at = await folder()
  const store = folderFileStore(at)
  for (const ref of ['../../etc/passwd', '..%2f', '', 'a'.repeat(31), `${REF}\0`, REF.toUpperCase(), `${REF}/x`]) {
    await expect(store.put(ref, Buffer.from('x'))).rejects.toThrow(RangeError)
    expect(() => store.get(ref)).toThrow(RangeError)
  }
  await store.put(REF, Buffer.from('first'))
  await expect(store.put(REF, Buffer.from('second'))).rejects.toThrow(/EEXIST/)
  expect((await store.get(REF))?.toString()).toBe('first')
})

it('lists only what it wrote', async () => {
  const at = await folder()
  const store = folderFileStore(at)
  await store.put(REF, Buffer.from('x'))
  await writeFile(join(at, '01', 'note.txt'), 'x')
  await writeFile(join(at, 'README'), 'x')
  expect((await all(store.list())).map(({ ref }) => ref)).toEqual([REF])
  expect(await readdir(at)).toEqual(expect.arrayContaining(['01', 'README']))
})
