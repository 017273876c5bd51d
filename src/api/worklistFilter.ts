import { z } from 'zod'
import { GROUPS } from '../staff/worklist/index.js'

const word = z.string().min(1).max(64)

/** What narrows the worklist. A flag is a boolean in a body and a word in a query. */
export const filterFields = <Flag extends z.ZodType>(flag: Flag) => ({
  group: z.enum(GROUPS).optional(),
  unassigned: flag,
  type: word.optional(),
  state: word.optional(),
  route: word.optional(),
  cause: word.optional(),
  office: word.optional(),
  risk: word.optional(),
})
