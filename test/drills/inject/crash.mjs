// Loaded into a server with --import: the process kills itself when it passes a point for the n-th time, as DRILL_CRASH=point:n says.
import { Queue, Worker } from 'bullmq'

const [point, times] = process.env.DRILL_CRASH.split(':')
let left = Number(times)
const pass = (name) => {
  if (name !== point) return
  left -= 1
  if (left === 0) process.kill(process.pid, 'SIGKILL')
}

const addBulk = Queue.prototype.addBulk
Queue.prototype.addBulk = async function (jobs) {
  const relays = this.name === 'notifications'
  // The rows are committed, the queue does not know of them.
  if (relays) pass('committed')
  const added = await addBulk.call(this, jobs)
  // The queue knows, the rows are not marked.
  if (relays) pass('queued')
  return added
}

const callProcessJob = Worker.prototype.callProcessJob
Worker.prototype.callProcessJob = async function (...args) {
  // A worker holds the job and has done nothing.
  pass('taken')
  const result = await callProcessJob.apply(this, args)
  // It has done everything, and the queue does not know.
  pass('done')
  return result
}

const request = globalThis.fetch
globalThis.fetch = async (...args) => {
  const answer = await request(...args)
  // The world outside has done it, the row is not marked.
  pass('performed')
  return answer
}
