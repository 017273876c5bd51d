export { createNotices, type Notices } from './notices.js'
export {
  BREACH_REASONS,
  createBreachReasons,
  type BreachReasonCode,
  type BreachReasons,
  type Broken,
} from './reasons.js'
