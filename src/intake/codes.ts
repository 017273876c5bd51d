import type { ChallengePurpose, ChallengeRow, ChallengeStore } from '../../db/intake/challenges.js'
import type { Channel } from '../../db/intake/people.js'
import type { IntakeStores } from '../../db/intake/index.js'
import type { Clock } from '../engine/clock.js'
import { ERROR_CODES, PulihError } from '../engine/errors.js'
import type { Ids } from '../engine/ids.js'
import type { Logger } from '../logging.js'
import type { Contact, People, Vault } from '../privacy/index.js'
import { budgetsFor, type Spender } from './budgets.js'
import type { CodeObserver } from './codeObserver.js'
import { codeMatches } from './codeSecret.js'
import { KeyedQueue } from './keyedQueue.js'
import type { Limits } from './limits.js'
import type { TaskBoard } from './tasks.js'

interface About {
  readonly ticketId: string
  readonly channel: Channel
  readonly purpose: ChallengePurpose
}
export interface CodeRequest extends About {
  /** Of the challenge, when whoever asks has to name it later; asked for twice it is one. */
  readonly id?: string
  /** Asked for by the device that the ticket was filed with. */
  readonly knownDevice?: boolean
  /** The asking device's own id; counted for a complaint that was filed with none, or is still being written. */
  readonly device?: string
  /** Of the person who writes a complaint that is not filed yet, so that their budget is counted from the first code on. */
  readonly nik?: string
  /** Asked for at a desk, by an officer who sees the person. */
  readonly desk?: boolean
}
export interface CodeTry extends About {
  /** As typed: anything but six digits is wrong. */
  readonly code: string
  /** The one that is tried; without it the newest. */
  readonly id?: string
}
/** What a filer is told about the code of a contact. */
export interface CodeStanding {
  /** Whether one was sent, or is on its way, to the address as it is now. */
  readonly codeSent: boolean
  /** When the next one may be asked for; epoch milliseconds. */
  readonly nextCodeAt: number
}

/** Codes that show that somebody holds an address. They show nothing about who that is. */
export interface Codes {
  /**
   * Has a new code sent to the contact as it is now; earlier ones that were to prove it are dead. Throws TOO_MANY_REQUESTS when a budget
   * is spent (R-OTP-7), NOT_FOUND without such a contact, LIMITER_UNAVAILABLE when budgets cannot be counted (R-RL-2).
   */
  request(request: CodeRequest): Promise<void>
  /**
   * The challenge that a right code fits, used by this call and no other (R-OTP-2). Every call counts as a try, before anything is
   * compared (R-OTP-1). When it resolves the ticket knows of the proof, or will within seconds. Throws CODE_INVALID, CODE_EXPIRED, CODE_USED, CODE_TRIES_EXCEEDED, LIMITER_UNAVAILABLE.
   */
  verify(attempt: CodeTry): Promise<ChallengeRow>
  /** What became of the last asking to prove this contact. Throws NOT_FOUND, LIMITER_UNAVAILABLE. */
  standing(ticketId: string, channel: Channel): Promise<CodeStanding>
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
  readonly logger: Pick<Logger, 'warn'>
  /** Tells the ticket of a proof before it is answered; where it fails the task that the proof left behind does it. */
  readonly tell?: (challenge: ChallengeRow) => Promise<void>
}

/** Kinds of tasks that follow from codes. */
export const SEND_CODE = 'send_code'
export const PROVE_CONTACT = 'prove_contact'

export function createCodes(parts: CodeParts): Codes {
  // Tries of one challenge wait for each other here, so that the right code given twenty times is used once and known as used nineteen times.
  const queue = new KeyedQueue()
  return {
    request: (request) => failClosed(() => ask(parts, request)),
    async verify(attempt) {
      const challenge = await queue.run(
        `${attempt.ticketId}:${attempt.channel}:${attempt.purpose}:${attempt.id ?? ''}`,
        () => failClosed(() => tryCode(parts, attempt)),
      )
      // The proof stands already: whatever the telling meets, the code was right.
      if (attempt.purpose === 'prove') await tellOf(parts, challenge)
      return challenge
    },
    standing: (ticketId, channel) => failClosed(() => standing(parts, ticketId, channel)),
  }
}

/** Never throws: the task that the proof left behind tells the ticket where this could not. */
async function tellOf({ tell, logger }: CodeParts, challenge: ChallengeRow): Promise<void> {
  try {
    await tell?.(challenge)
  } catch (error) {
    const code = error instanceof PulihError ? error.code : 'INTERNAL'
    const { ticketId, channel } = challenge
    logger.warn({ ticketId, channel, code }, 'the ticket was not told of a proof yet')
  }
}

/** What is written down for a code, and the budgets that it is taken from. */
async function prepared(parts: CodeParts, request: CodeRequest) {
  const { ticketId, channel, purpose, id = parts.ids.id() } = request
  const contacts = await parts.people.contactsOf(ticketId)
  const contact = contacts.find((it) => it.channel === channel)
  if (contact === undefined) throw new PulihError('NOT_FOUND', 'this ticket has no such contact')
  const spender = await spenderOf(parts, request, contacts, contact)
  const row = {
    ...{ id, ticketId, purpose, channel },
    generation: contact.generation,
    addressIndex: spender.address[0] ?? '',
    personIndex: spender.person[0] ?? null,
    deviceIndex: spender.device[0] ?? null,
    createdAt: parts.clock.now(),
  }
  return { row, contact, budgets: budgetsFor(spender, parts.limits) }
}

async function ask(parts: CodeParts, request: CodeRequest): Promise<void> {
  const { store, tasks, observer } = parts
  const { channel, ticketId } = request
  const { row, budgets } = await prepared(parts, request)
  const added = await store.challenges.addChallenge(row, budgets)
  // Written down by an earlier run of the same asking, which may have been cut off before the next step.
  const known = !added && request.id !== undefined && (await store.challenges.findChallenge(row.id)) !== null
  if (!added && !known) {
    const spent = await store.challenges.spentBudgets(row, budgets)
    observer.code(channel, spent.some((it) => it.budget.id === 'smsPerHour') ? 'breaker' : 'refused')
    // Which budget it was is told to nobody: those of a NIK and of a device are shared with other people's cases.
    throw new PulihError('TOO_MANY_REQUESTS', 'too many codes', {
      retryAfter: Math.max(1, Math.ceil((roomAt(spent, row.createdAt) - row.createdAt) / 1_000)),
    })
  }
  if (added) observer.code(channel, 'asked')
  await tasks.ask(SEND_CODE, ticketId, row.id)
}

/** When every one of them has room again: a window from now at the latest, also where the clock went back since. */
const roomAt = (spent: Awaited<ReturnType<ChallengeStore['spentBudgets']>>, now: number): number =>
  Math.max(now, ...spent.map(({ budget, since }) => Math.min(since, now) + budget.windowMs))

async function standing(parts: CodeParts, ticketId: string, channel: Channel): Promise<CodeStanding> {
  const { row, contact, budgets } = await prepared(parts, { ticketId, channel, purpose: 'prove' })
  const newest = await parts.store.challenges.newestChallenge(ticketId, channel, 'prove')
  const spent = await parts.store.challenges.spentBudgets(row, budgets)
  return {
    codeSent: newest?.generation === contact.generation && newest.supersededAt === null,
    nextCodeAt: roomAt(spent, row.createdAt),
  }
}

/** Whose budgets a code is taken from: each value under every index key in use, the active one first. */
async function spenderOf(
  { people, vault, store }: CodeParts,
  { ticketId, purpose, knownDevice = false, device: asking, nik: writing, desk = false }: CodeRequest,
  contacts: readonly Contact[],
  contact: Contact,
): Promise<Spender> {
  const nik = (await people.identityOf(ticketId))?.identity.nik ?? writing
  const found = await store.people.indexesOf(ticketId)
  const valuesOf = (kind: 'address' | 'person' | 'device', value: string) =>
    vault.indexes(kind, value).map((it) => it.value)
  const { channel, address } = contact
  const filedWith = found.filter((it) => it.kind === 'device').map((it) => it.value)
  return {
    ...{ ticketId, purpose, channel, knownDevice },
    trust: desk ? 'desk' : contacts.some((it) => it.proven) ? 'proven' : 'none',
    address: valuesOf('address', `${channel}:${address.toLowerCase()}`),
    person: nik === undefined ? [] : valuesOf('person', nik),
    device: filedWith.length > 0 || asking === undefined ? filedWith : valuesOf('device', asking),
  }
}

async function tryCode(parts: CodeParts, { ticketId, channel, purpose, code, id }: CodeTry): Promise<ChallengeRow> {
  const { store, vault, observer, limits } = parts
  const challenge = await store.challenges.countTry(ticketId, channel, purpose, id)
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
