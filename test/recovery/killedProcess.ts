import { parseArgs } from 'node:util'
import type { Store } from '../../db/index.js'
import type { AccountService } from '../../src/ports/accounts.js'
import { supervisor } from '../support/world.js'
import { RecoveryWorld } from './world.js'

/** Applies one ticket's contacts, or merges two, in the store of the test that started it; says where it is, and waits there to be killed. */
const { values } = parseArgs({
  options: {
    dataDir: { type: 'string', default: '' },
    databaseUrl: { type: 'string', default: '' },
    now: { type: 'string', default: '0' },
    stage: { type: 'string', default: '' },
    tickets: { type: 'string', default: '' },
  },
})
const { dataDir, stage } = values
const [one = '', other = ''] = values.tickets.split(',')

/** The pipe is written before it returns: whoever reads it kills what stands here, or what runs on. */
const reached = async (name: string): Promise<void> => {
  if (name !== stage.replace(/ on$/, '')) return
  process.stdout.write('here\n')
  if (!stage.endsWith(' on')) await new Promise(() => undefined)
}
const around =
  <Args extends readonly unknown[], T>(name: string, call: (...args: Args) => Promise<T>) =>
  async (...args: Args): Promise<T> => {
    await reached(`before ${name}`)
    const answer = await call(...args)
    await reached(`after ${name}`)
    return answer
  }

const world = await RecoveryWorld.open(false, {
  start: Number(values.now),
  place: {
    dataDir,
    databaseUrl: values.databaseUrl === '' ? null : values.databaseUrl,
    run: () => Promise.resolve(),
    dispose: () => Promise.resolve(),
  },
  wrap: (store): Store =>
    new Proxy(store, {
      get(target, name) {
        const method: unknown = Reflect.get(target, name)
        if (typeof method !== 'function') return method
        const bound = method.bind(target) as (...args: unknown[]) => Promise<unknown>
        return name === 'commit' || name === 'commitTogether' ? around(name, bound) : bound
      },
    }),
})
// A kept-alive process: the promise that never comes keeps nothing running.
setInterval(() => undefined, 60_000)
if (other === '') {
  const { accounts } = world.parts
  const watched: AccountService = {
    ...accounts,
    replaceContacts: around('replace', (order) => accounts.replaceContacts(order)),
    revokeSessions: around('revoke', (id, key) => accounts.revokeSessions(id, key)),
  }
  await world.deliverer(watched).deliver(await world.command(one))
} else {
  const intoVersion = (await world.base.row(one)).contentVersion
  const fromVersion = (await world.base.row(other)).contentVersion
  const order = { intoId: one, fromId: other, intoVersion, fromVersion, actor: supervisor }
  await world.recovery.merging.merge({ ...order, key: 'merge-killed', fingerprint: 'f' })
}
