export { createNotices, shownAt, type Notices, type Told } from './notices.js'
export {
  BREACH_REASONS,
  createBreachReasons,
  type BreachReasonCode,
  type BreachReasons,
  type Broken,
} from './reasons.js'
