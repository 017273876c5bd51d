import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createNeedles } from '../../src/privacy/traces.js'
import { startHarness } from '../api/harness.js'
import { filePerson, PERSON, requestWith } from '../intake/people.js'

/** Every file below a folder, sockets left out. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? filesBelow(path) : entry.isFile() ? [path] : []
  })
}

it('A44, R-ENC-4: what a filer declares stands in no file of the data folder, no log line and no job, in no spelling', async () => {
  const api = await startHarness({ level: 'debug' })
  try {
    const needles = createNeedles()
    needles.add(PERSON.identity)
    needles.addContact('email', PERSON.contacts.email)
    needles.addContact('phone', '+6281234567890')
    // It finds each of them in what was sent, or finding nothing would mean nothing.
    expect([...needles.find(JSON.stringify(requestWith()))].toSorted()).toEqual([
      'email',
      'kpj',
      'name',
      'nik',
      'phone',
    ])

    const { status, body } = await filePerson(api)
    expect(status).toBe(202)
    const { ticketId } = body as { ticketId: string }
    // Refusals and mistakes are where values slip into logs.
    expect((await filePerson(api, { identity: { ...PERSON.identity, birthDate: PERSON.identity.nik } })).status).toBe(
      422,
    )
    expect((await filePerson(api, { [PERSON.identity.nik]: PERSON.contacts.email })).status).toBe(422)
    await api.deps.services.people.changeContact(ticketId, 'email', PERSON.contacts.email)

    const files = filesBelow(api.dataDir)
    expect(files.map((it) => it.replace(api.dataDir, ''))).toContain('/pulih.db-wal')
    const found = files.flatMap((file) => needles.find(readFileSync(file, 'latin1')).map((kind) => `${file}: ${kind}`))
    expect(found).toEqual([])
    expect(statSync(join(api.dataDir, 'keys.json')).mode & 0o777).toBe(0o600)
    expect(api.log.length).toBeGreaterThan(0)
    expect(needles.find(api.log.join('\n'))).toEqual([])
    const rows = [...(await api.store.outboxOf(ticketId)), ...(await api.store.readLog(ticketId, 0, 99))]
    expect(needles.find(JSON.stringify(rows))).toEqual([])
    expect(await api.deps.services.care.prove()).toMatchObject({ problems: [] })
  } finally {
    await api.close()
  }
})
