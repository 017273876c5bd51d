import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { CHECKLIST_ITEMS } from '../../src/machines/pengaduan/events.js'
import { jpeg, pdf } from '../documents/samples.js'
import { proveBoth, send, upload } from './papers.js'
import { newFolder, onBothDatabases, openPrivacyWorld, PERSON } from './world.js'

const MATCHED = { verdict: 'matched', checklist: CHECKLIST_ITEMS.map((item) => ({ item, matched: true })) }

onBothDatabases('the export for a person', (newPlace) => {
  it('R-PDP-3: holds what is kept, pages as officers see them, for its owner alone, and stands in the register', async () => {
    const world = await openPrivacyWorld(await newPlace())
    const { services, clock } = world
    const ticketId = await world.file()
    await proveBoth(world, ticketId)
    await upload(world, ticketId, [
      { kind: 'KTP', name: 'ktp saya.jpg', bytes: await jpeg(1) },
      { kind: 'SLIP_GAJI', name: 'slip.pdf', bytes: pdf({ pages: 2 }) },
    ])
    await send(world, ticketId, 'verification.start')
    await send(world, ticketId, 'identity.verify', MATCHED)
    const asked = await services.dataRequests.open({ kind: 'access', ticketId, receivedAt: clock.now() }, 'admin-1')
    const out = join(newFolder(), 'export')
    const { files, request } = await services.exportPerson(ticketId, out, 'admin-1')
    expect(request).toMatchObject({ id: asked.id, outcome: 'done', reason: 'EXPORTED', answeredBy: 'admin-1' })
    expect(readdirSync(out).toSorted()).toEqual([...files].toSorted())
    expect(statSync(out).mode & 0o777).toBe(0o700)
    for (const file of files) expect(statSync(join(out, file)).mode & 0o777).toBe(0o600)

    const data = JSON.parse(readFileSync(join(out, 'data.json'), 'utf8')) as Record<string, unknown>
    expect(data).toMatchObject({
      identity: PERSON.identity,
      contacts: [
        { channel: 'email', address: PERSON.email, proven: true },
        { channel: 'phone', address: PERSON.phone, proven: true },
      ],
      processing: { noticeVersion: 'test' },
      documents: [
        { kind: 'KTP', name: 'ktp saya.jpg', pages: ['KTP-1-1.jpg'] },
        { kind: 'SLIP_GAJI', name: 'slip.pdf', pages: ['SLIP_GAJI-2-1.jpg', 'SLIP_GAJI-2-2.jpg'] },
      ],
    })
    expect((data['history'] as { fact: string }[]).map((it) => it.fact)).toContain('VerificationStarted')
    // Who worked on it, and what officers think of it, is not the person's.
    expect(JSON.stringify(data)).not.toMatch(/agent-1|IdentityChecked|risk/i)
    const page = readFileSync(join(out, 'SLIP_GAJI-2-2.jpg'))
    const row = (await services.documents.of(ticketId)).find((it) => it.kind === 'SLIP_GAJI')
    expect(page.equals(await services.documents.page(ticketId, row!.id, 2))).toBe(true)
    const sum = createHash('sha256').update(page).digest('hex')
    expect(readFileSync(join(out, 'SHA256SUMS'), 'utf8')).toContain(`${sum}  SLIP_GAJI-2-2.jpg\n`)

    for (const taken of [out, join(out, 'no', 'such')])
      await expect(services.exportPerson(ticketId, taken, 'admin-1')).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(await services.dataRequests.list({ open: true })).toEqual([])
    clock.advance(1)
    const again = await services.exportPerson(ticketId, `${out}-2`, 'admin-2')
    expect(again.request).toMatchObject({ kind: 'access', outcome: 'done', openedBy: 'admin-2' })
    expect(again.request.id).not.toBe(asked.id)

    // A page that does not open: no half of an answer is left, and the question stands.
    clock.advance(1)
    rmSync(join(world.place.dataDir, 'files'), { recursive: true })
    await expect(services.exportPerson(ticketId, `${out}-3`, 'admin-2')).rejects.toThrow()
    expect(existsSync(`${out}-3`)).toBe(false)
    expect(await services.dataRequests.list({ open: true })).toMatchObject([{ kind: 'access', openedBy: 'admin-2' }])
  })

  it('R-PDP-3: is refused without both contacts proven and the identity checked, after a change of contact, and once erased', async () => {
    const world = await openPrivacyWorld(await newPlace())
    const { services, end } = world
    const ticketId = await world.file()
    const out = join(newFolder(), 'export')
    const refused = async (code: string) => {
      await expect(services.exportPerson(ticketId, out, 'admin-1')).rejects.toMatchObject({ code })
      expect(existsSync(out)).toBe(false)
      expect(await services.dataRequests.list({ open: false })).toEqual([])
    }
    await refused('PROOF_REQUIRED')
    await proveBoth(world, ticketId)
    await refused('PROOF_REQUIRED')
    await send(world, ticketId, 'verification.start')
    await send(world, ticketId, 'identity.verify', MATCHED)
    await services.people.changeContact(ticketId, 'email', 'pencuri@contoh.example')
    await refused('PROOF_REQUIRED')
    await end(ticketId)
    await services.care.erasure.erase(ticketId, 'asked')
    await refused('ERASED')
    await expect(services.exportPerson('nobody', out, 'admin-1')).rejects.toMatchObject({ code: 'TICKET_NOT_FOUND' })
  })
})
