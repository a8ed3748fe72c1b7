// Runs examples/page-events.js in a page that is not there, by a clock that tests turn.
import { readFileSync } from 'node:fs'
import { runInNewContext } from 'node:vm'

const [file] = process.argv.slice(2)
const TICKS = 20

function page({ status = () => 204, beacon = () => true } = {}) {
  let now = 0, timers = []
  const sent = [], heard = {}
  const document = { visibilityState: 'visible', addEventListener: (name, act) => (heard[name] = act) }
  const put = (by, url, text) => sent.push({ by, url, body: JSON.parse(text), bytes: Buffer.byteLength(text) })
  const world = {
    window: {}, document, JSON, Math, Date, Promise,
    setTimeout: (act, ms) => (timers.push({ act, at: now + ms }), timers.length),
    clearTimeout: (id) => void (id && (timers[id - 1].act = () => undefined)),
    fetch: async (url, options) => {
      put('fetch', url, options.body)
      sent.at(-1).options = { ...options, body: undefined }
      const answer = status(sent.length)
      if (!answer) throw new Error('no network')
      return { status: answer }
    },
    navigator: {
      sendBeacon: (url, text) => beacon() && (put('beacon', url, text), true),
    },
  }
  runInNewContext(readFileSync(file, 'utf8'), world)
  const settle = async () => {
    for (let tick = 0; tick < TICKS; tick += 1) await Promise.resolve()
  }
  return {
    tessera: world.window.tessera,
    sent,
    settle,
    pass: async (seconds) => {
      const until = now + seconds * 1000
      for (;;) {
        const due = timers.filter((one) => one.at <= until && !one.done).sort((a, b) => a.at - b.at)[0]
        if (!due) break
        due.done = true
        now = due.at
        due.act()
        await settle()
      }
      now = until
    },
    hide: async () => {
      document.visibilityState = 'hidden'
      heard.visibilitychange()
      await settle()
    },
  }
}

const START = { url: 'https://pages.example/v1/events', key: 'tsw_key', customer: 'c-1' }
const started = (options, customer = 'c-1') => {
  const made = page(options)
  made.tessera.start({ ...START, customer })
  return made
}
const counts = (made) => made.sent.map((one) => one.body.events.length)
const results = {}

{
  const made = started()
  made.tessera.track('VIEWED')
  await made.hide()
  made.tessera.consent(true)
  await made.pass(60)
  results.before_consent = counts(made)
}
{
  const made = started({}, '')
  made.tessera.consent(true)
  made.tessera.track('VIEWED')
  await made.pass(60)
  results.anonymous = counts(made)
}
{
  const made = started()
  made.tessera.consent(true)
  made.tessera.track('VIEWED', { ProductCode: 'A', CustomerID: 'other' })
  made.tessera.track('SESSION')
  await made.pass(4)
  const early = counts(made)
  await made.pass(2)
  results.batch = { early, sent: made.sent }
}
{
  const made = started()
  made.tessera.consent(true)
  for (let number = 0; number < 20; number += 1) made.tessera.track('VIEWED')
  await made.settle()
  results.twenty = counts(made)
}
{
  const made = started()
  made.tessera.consent(true)
  made.tessera.track('VIEWED')
  made.tessera.consent(false)
  await made.pass(60)
  await made.hide()
  results.withdrawn = counts(made)
}
for (const [name, beacon] of [['beacon', () => true], ['full_beacon', () => false]]) {
  const made = started({ beacon })
  made.tessera.consent(true)
  for (let number = 0; number < 3; number += 1) made.tessera.track('VIEWED')
  await made.hide()
  await made.pass(60)
  results[name] = made.sent.map((one) => [one.by, one.body.events.length])
}
{
  const made = started({ status: (attempt) => (attempt < 3 ? [0, 503][attempt - 1] : 204) })
  made.tessera.consent(true)
  made.tessera.track('VIEWED')
  await made.pass(600)
  results.again = made.sent.map((one) => one.body.events[0].EventID)
}
{
  const made = started({ status: () => 503 })
  made.tessera.consent(true)
  made.tessera.track('VIEWED')
  await made.pass(10_000)
  results.given_up = made.sent.length
}
{
  const made = started({ status: () => 0 })
  made.tessera.consent(true)
  for (let number = 0; number < 2_000; number += 1) made.tessera.track('VIEWED')
  await made.pass(10_000)
  results.away = {
    requests: made.sent.length,
    largest: Math.max(...counts(made)),
    events: new Set(made.sent.flatMap((one) => one.body.events.map((event) => event.EventID))).size,
  }
}
{
  const made = started({ status: () => 400 })
  made.tessera.consent(true)
  made.tessera.track('VIEWED')
  await made.pass(10_000)
  results.refused = made.sent.length
}
{
  const made = started()
  made.tessera.consent(true)
  const fields = { ProductCode: '👟'.repeat(200), ProductName: '👟'.repeat(200) }
  for (let number = 0; number < 120; number += 1) made.tessera.track('PROCESSED', fields)
  await made.pass(60)
  results.large = { counts: counts(made), bytes: Math.max(...made.sent.map((one) => one.bytes)) }
}
console.log(JSON.stringify(results))
