import type { ChallengePurpose, ChallengeRow } from '../../db/intake/challenges.js'
import type { Channel } from '../../db/intake/people.js'
import type { IntakeStores } from '../../db/intake/index.js'
import type { Clock } from '../engine/clock.js'
import { ERROR_CODES, PulihError } from '../engine/errors.js'
import type { Ids } from '../engine/ids.js'
import type { Contact, People, Vault } from '../privacy/index.js'
import { budgetsFor, type Spender } from './budgets.js'
import type { CodeObserver } from './codeObserver.js'
import { codeMatches } from './codeSecret.js'
import { KeyedQueue } from './keyedQueue.js'
import type { Limits } from './limits.js'
import type { TaskBoard } from './tasks.js'

export interface CodeRequest {
  readonly ticketId: string
  readonly channel: Channel
  readonly purpose: ChallengePurpose
}
export interface CodeTry extends CodeRequest {
  /** As typed: anything but six digits is wrong. */
  readonly code: string
}

/** Codes that show that somebody holds an address. They show nothing about who that is. */
export interface Codes {
  /**
   * Has a new code sent to the contact as it is now; earlier ones of this ticket, channel and purpose are dead. Throws TOO_MANY_REQUESTS
   * when a budget is spent (R-OTP-7), NOT_FOUND without such a contact, LIMITER_UNAVAILABLE when budgets cannot be counted (R-RL-2).
   */
  request(request: CodeRequest): Promise<void>
  /**
   * The challenge that a right code fits, used by this call and no other (R-OTP-2). Every call counts as a try, before anything is
   * compared (R-OTP-1). Throws CODE_INVALID, CODE_EXPIRED, CODE_USED, CODE_TRIES_EXCEEDED, LIMITER_UNAVAILABLE.
   */
  verify(attempt: CodeTry): Promise<ChallengeRow>
}

export interface CodeParts {
  readonly store: Pick<IntakeStores, 'challenges' | 'people'>
  readonly people: Pick<People, 'contactsOf' | 'identityOf'>
  readonly vault: Pick<Vault, 'macs' | 'indexes'>
  readonly tasks: TaskBoard
  readonly clock: Clock
  readonly ids: Pick<Ids, 'id'>
  readonly limits: Limits
  readonly observer: CodeObserver
}

/** Kinds of tasks that follow from codes. */
export const SEND_CODE = 'send_code'
export const PROVE_CONTACT = 'prove_contact'

export function createCodes(parts: CodeParts): Codes {
  // Tries of one challenge wait for each other here, so that the right code given twenty times is used once and known as used nineteen times.
  const queue = new KeyedQueue()
  return {
    request: (request) => failClosed(() => ask(parts, request)),
    verify: (attempt) =>
      queue.run(`${attempt.ticketId}:${attempt.channel}:${attempt.purpose}`, () =>
        failClosed(() => tryCode(parts, attempt)),
      ),
  }
}

async function ask(parts: CodeParts, { ticketId, channel, purpose }: CodeRequest): Promise<void> {
  const { store, tasks, clock, ids, observer } = parts
  const contact = await contactFor(parts, ticketId, channel)
  const spender = await spenderOf(parts, ticketId, contact)
  const createdAt = clock.now()
  const row = {
    id: ids.id(),
    ticketId,
    purpose,
    channel,
    generation: contact.generation,
    addressIndex: spender.address[0] ?? '',
    personIndex: spender.person[0] ?? null,
    deviceIndex: spender.device[0] ?? null,
    createdAt,
  }
  const budgets = budgetsFor(spender, parts.limits)
  if (!(await store.challenges.addChallenge(row, budgets))) {
    const spent = await store.challenges.spentBudgets(budgets, createdAt)
    observer.code(channel, spent.some((it) => it.budget.id === 'smsPerHour') ? 'breaker' : 'refused')
    // Which budget it was is told to nobody: those of a NIK and of a device are shared with other people's cases.
    const waits = spent.map(({ budget, since }) => since + budget.windowMs - createdAt)
    throw new PulihError('TOO_MANY_REQUESTS', 'too many codes', {
      retryAfter: Math.max(1, Math.ceil(Math.max(1, ...waits) / 1_000)),
    })
  }
  observer.code(channel, 'asked')
  await tasks.ask(SEND_CODE, ticketId, row.id)
}

async function contactFor({ people }: CodeParts, ticketId: string, channel: Channel): Promise<Contact> {
  const contact = (await people.contactsOf(ticketId)).find((it) => it.channel === channel)
  if (contact === undefined) throw new PulihError('NOT_FOUND', 'this ticket has no such contact')
  return contact
}

/** Whose budgets a code is taken from: each value under every index key in use, the active one first. */
async function spenderOf({ people, vault, store }: CodeParts, ticketId: string, contact: Contact): Promise<Spender> {
  const declared = await people.identityOf(ticketId)
  const found = await store.people.indexesOf(ticketId)
  const valuesOf = (kind: 'address' | 'person', value: string) => vault.indexes(kind, value).map((it) => it.value)
  const { channel, address } = contact
  return {
    ticketId,
    channel,
    address: valuesOf('address', `${channel}:${address.toLowerCase()}`),
    person: declared === null ? [] : valuesOf('person', declared.identity.nik),
    device: found.filter((it) => it.kind === 'device').map((it) => it.value),
  }
}

async function tryCode(parts: CodeParts, { ticketId, channel, purpose, code }: CodeTry): Promise<ChallengeRow> {
  const { store, vault, observer, limits } = parts
  const challenge = await store.challenges.countTry(ticketId, channel, purpose)
  const refuse = (reason: 'CODE_INVALID' | 'CODE_EXPIRED' | 'CODE_USED' | 'CODE_TRIES_EXCEEDED') => {
    observer.code(channel, reason)
    return new PulihError(reason, 'the code does not open this')
  }
  if (challenge === null) throw refuse('CODE_INVALID')
  if (challenge.consumedAt !== null) throw refuse('CODE_USED')
  if (challenge.tries > limits.codeTries) throw refuse('CODE_TRIES_EXCEEDED')
  const right = codeMatches(vault, challenge, code)
  if (!right || !(await isCurrent(parts, challenge))) throw refuse('CODE_INVALID')
  const at = parts.clock.now()
  if (challenge.expiresAt === null || at > challenge.expiresAt) throw refuse('CODE_EXPIRED')
  if (!(await use(parts, challenge, at))) throw refuse('CODE_USED')
  observer.code(channel, 'accepted')
  return { ...challenge, consumedAt: at }
}

/** Is it for the address as it is now? */
async function isCurrent({ store }: CodeParts, { ticketId, channel, generation }: ChallengeRow): Promise<boolean> {
  const contacts = await store.people.contactsOf(ticketId)
  return contacts.some((it) => it.channel === channel && it.generation === generation)
}

/** A proof leaves a task behind in the same commit: whatever happens next, the ticket hears of it. */
async function use({ store, ids }: CodeParts, challenge: ChallengeRow, at: number): Promise<boolean> {
  const { id, ticketId, purpose } = challenge
  if (purpose === 'access') return store.challenges.consume(challenge, at)
  const task = { id: ids.id(), kind: PROVE_CONTACT, ticketId, ref: id, dueAt: at, createdAt: at }
  return store.challenges.consumeAndProve(challenge, at, task)
}

/** Where counting fails nothing is sent and nothing is believed (R-RL-2). */
async function failClosed<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof PulihError && ERROR_CODES[error.code] < 500) throw error
    throw new PulihError('LIMITER_UNAVAILABLE', 'codes cannot be counted now', {}, { cause: error })
  }
}
