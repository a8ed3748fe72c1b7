// The script that shops put into their pages (examples/page-events.js), in a real browser.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { after, before, test } from 'node:test'
import { launch } from './browser.mjs'

const SCRIPT = readFileSync(new URL('../../examples/page-events.js', import.meta.url))
const HTML = { 'content-type': 'text/html' }
let browser, shop, collector
const received = []

async function serve(answer) {
  const server = createServer(answer)
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening))
  return { origin: `http://127.0.0.1:${server.address().port}`, server }
}

before(async () => {
  browser = await launch()
  shop = await serve((request, response) => {
    if (request.url === '/page-events.js') return response.end(SCRIPT)
    response.writeHead(200, HTML).end('<title>A shop</title><script src="/page-events.js"></script>')
  })
  collector = await serve(async (request, response) => {
    const parts = []
    for await (const part of request) parts.push(part)
    const { method, headers } = request
    received.push({ method, headers, body: Buffer.concat(parts).toString() })
    const allowed = { 'access-control-allow-origin': shop.origin, vary: 'origin' }
    response.writeHead(204, allowed).end()
  })
})
after(async () => {
  await browser.close()
  shop.server.close()
  collector.server.close()
})

async function visit({ consent }) {
  received.length = 0
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(shop.origin)
  await page.evaluate(
    ({ url, given }) => {
      window.tessera.start({ url, key: 'tsw_key', customer: 'c-1' })
      window.tessera.consent(given)
      window.tessera.track('VIEWED', { ProductCode: 'A' })
    },
    { url: `${collector.origin}/v1/events`, given: consent },
  )
  return { context, page }
}

async function arrived() {
  for (let look = 0; look < 100 && !received.length; look += 1)
    await new Promise((resolve) => setTimeout(resolve, 100))
  return received
}

function check([first, ...more], { events }) {
  assert.deepEqual(more, [])
  assert.equal(first.method, 'POST') // no browser asks for permission first
  assert.match(first.headers['content-type'], /^text\/plain/)
  assert.equal(first.headers.origin, shop.origin)
  assert.equal(first.headers.cookie, undefined)
  const body = JSON.parse(first.body)
  assert.equal(body.consent, true)
  assert.equal(body.events.length, events)
  assert.equal(body.events[0].CustomerID, 'c-1')
}

test('a page sends its events by itself, in one simple request', async () => {
  const { context } = await visit({ consent: true })
  check(await arrived(), { events: 1 })
  await context.close()
})

test('a page that is left sends what it has', async () => {
  const { context, page } = await visit({ consent: true })
  await page.goto('about:blank')
  check(await arrived(), { events: 1 })
  await context.close()
})

test('without consent a page sends nothing and stores nothing', async () => {
  const { context, page } = await visit({ consent: false })
  const stored = await page.evaluate(() => [document.cookie, localStorage.length, sessionStorage.length])
  assert.deepEqual(stored, ['', 0, 0])
  await page.goto('about:blank')
  await new Promise((resolve) => setTimeout(resolve, 1000))
  assert.deepEqual(received, [])
  await context.close()
})
