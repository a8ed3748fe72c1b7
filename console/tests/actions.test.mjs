// What the pages change: an API key, a decision on a run, an upload.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { base, launch, open, rowsOf, visit } from './browser.mjs'

let browser

before(async () => {
  browser = await launch()
})

after(async () => {
  await browser?.close()
})

test('a key is made, shown once, works, and is revoked', async () => {
  const { page, close } = await open(browser)
  await visit(page, 'keys')
  const label = `Test ${Date.now() % 100_000}`
  await page.getByRole('button', { name: 'Create a key' }).click()
  await page.getByLabel('What it is for').fill(label)
  await page.getByRole('button', { name: 'Create', exact: true }).click()
  const text = await page.getByText(/tsk_[a-z0-9]{12}_[\w-]{43}/).innerText()
  const [key] = /tsk_[a-z0-9]{12}_[\w-]{43}/.exec(text)
  const me = await fetch(`${base}/v1/me`, { headers: { authorization: `Bearer ${key}` } })
  assert.equal((await me.json()).role, 'viewer')
  await page.getByRole('button', { name: `Revoke ${label}` }).click()
  await page.getByRole('button', { name: 'Revoke', exact: true }).click()
  await page.getByRole('button', { name: `Revoke ${label}` }).waitFor({ state: 'detached' })
  await close()
})

test("a page's key is made, sends an event, reads nothing, and is revoked", async () => {
  const { page, close } = await open(browser)
  await visit(page, 'keys')
  const label = `Page ${Date.now() % 100_000}`
  await page.getByRole('button', { name: 'Create a page key' }).click()
  await page.getByLabel('Which page').fill(label)
  await page.getByRole('button', { name: 'Create', exact: true }).click()
  const text = await page.getByText(/tsw_[a-z0-9]{12}_[\w-]{43}/).innerText()
  const [key] = /tsw_[a-z0-9]{12}_[\w-]{43}/.exec(text)
  const event = { CustomerID: 'c-1', EventName: 'VIEWED', Date: new Date().toISOString() }
  const send = () =>
    fetch(`${base}/v1/events`, {
      method: 'POST',
      headers: { origin: base },
      body: JSON.stringify({ key, consent: true, events: [event] }),
    })
  assert.equal((await send()).status, 204)
  const me = await fetch(`${base}/v1/me`, { headers: { authorization: `Bearer ${key}` } })
  assert.equal(me.status, 401)
  await page.getByRole('button', { name: `Revoke ${label}` }).click()
  await page.getByRole('button', { name: 'Revoke', exact: true }).click()
  await page.getByRole('button', { name: `Revoke ${label}` }).waitFor({ state: 'detached' })
  assert.equal((await send()).status, 401)
  await close()
})

const WAITING = {
  run_id: 'ab'.repeat(8), status: 'WAITING', started_at: '2026-11-01T10:00:00Z', finished_at: null, upload: 'may.csv',
  error: null, waits_for: 'money moved', waits_until: '2026-11-02T10:00:00Z', decision: null, decided_by: null,
  decided_at: null, as_of: '2026-11-01', states: [], rows: null, source: null, history: null, failure: null, cost: null,
  expected_cost: null, warnings: [],
  changes: {
    rfm: [
      { label: 'Loyal', before: 60, after: 20, stayed: 20, moved_in: 0, moved_out: 40, entered: 0, left: 0, in_by_cause: {}, out_by_cause: { thresholds_moved: 40 } },
      { label: 'Lost', before: 40, after: 80, stayed: 40, moved_in: 40, moved_out: 0, entered: 0, left: 0, in_by_cause: { thresholds_moved: 40 }, out_by_cause: {} },
    ],
  },
  breaker: {
    waits: true, share: 0.4, limit: 0.3, changed: 40, customers: 100, reason: '', sets: [], money: null, days: 7,
    movements: [{ from: 'Loyal', to: 'Lost', cause: 'thresholds_moved', customers: 40 }],
  },
}

test('a run that waits is approved with a reason', async () => {
  const { page, close } = await open(browser)
  let decided
  await page.route(`**/v1/runs/${WAITING.run_id}`, (route) => route.fulfill({ json: WAITING }))
  await page.route(`**/v1/runs/${WAITING.run_id}/approve`, (route) => {
    decided = route.request().postDataJSON()
    return route.fulfill({ json: { ...WAITING, status: 'RUNNING' } })
  })
  await visit(page, `runs/${WAITING.run_id}`)
  await page.getByText('Loyal → Lost: 40 customers, thresholds moved').waitFor()
  assert.deepEqual(
    (await rowsOf(page, 'Segments before and after')).map(([label, was, , , is]) => [label, was, is]),
    [['Loyal', '60', '20'], ['Lost', '40', '80']],
  )
  await page.getByLabel('Your reason').fill('It is meant.')
  const approved = page.waitForResponse('**/approve')
  await page.getByRole('button', { name: 'Approve and send' }).click()
  await approved
  assert.deepEqual(decided, { why: 'It is meant.' })
  await close()
})

test('a file is sent to the signed address alone, and its progress is shown', async () => {
  const { page, close } = await open(browser)
  const sent = []
  await page.route('**/v1/uploads', (route) =>
    route.fulfill({
      status: 201,
      json: { key: 'uploads/orders.csv', expires_at: '2026-11-02T10:00:00Z', url: `${base}/signed`, headers: {}, parts: [], complete_url: null },
    }),
  )
  await page.route('**/signed', (route) => {
    sent.push(route.request().method(), route.request().headers().authorization)
    return route.fulfill({ status: 200, body: '' })
  })
  await visit(page, 'runs')
  await page.locator('input[type=file]').setInputFiles({ name: 'orders.csv', mimeType: 'text/csv', buffer: Buffer.from('a,b\n1,2\n') })
  await page.getByRole('button', { name: /^Upload \d/ }).click()
  await page.getByText('orders.csv is uploaded. Its run appears below.').waitFor()
  assert.deepEqual(sent, ['PUT', undefined], 'the token stays with the API')
  await close()
})

/** A bucket that takes a file in two parts, fails once in the second, and joins as it is asked to. */
async function bucketOfParts(page, joined) {
  const taken = {}
  let failures = 1
  await page.route('**/v1/uploads', (route) => {
    const { bytes } = route.request().postDataJSON()
    const parts = [1, 2].map((number) => ({
      number, offset: number === 1 ? 0 : 5, bytes: number === 1 ? 5 : bytes - 5, url: `${base}/signed?part=${number}`,
    }))
    return route.fulfill({
      status: 201,
      json: { key: 'uploads/large.csv', expires_at: '2026-11-02T10:00:00Z', url: null, headers: {}, parts, complete_url: `${base}/join` },
    })
  })
  await page.route('**/signed?part=*', (route) => {
    const number = new URL(route.request().url()).searchParams.get('part')
    if (number === '2' && failures-- > 0) return route.fulfill({ status: 503, body: '' })
    taken[number] = route.request().postData()
    return route.fulfill({ status: 200, headers: { etag: `"of-${number}"` }, body: '' })
  })
  await page.route('**/join', (route) => {
    taken.join = route.request().postData()
    return route.fulfill({ status: 200, contentType: 'application/xml', body: joined })
  })
  return taken
}

async function uploadLarge(page) {
  await visit(page, 'runs')
  await page.locator('input[type=file]').setInputFiles({ name: 'large.csv', mimeType: 'text/csv', buffer: Buffer.from('a,b\n1,2\n') })
  await page.getByRole('button', { name: /^Upload \d/ }).click()
}

test('a large file is sent in parts, and a part that fails once is sent again', async () => {
  const { page, close } = await open(browser)
  const taken = await bucketOfParts(page, '<CompleteMultipartUploadResult><Key>k</Key></CompleteMultipartUploadResult>')
  await uploadLarge(page)
  await page.getByText('large.csv is uploaded. Its run appears below.').waitFor()
  assert.equal(taken['1'] + taken['2'], 'a,b\n1,2\n')
  assert.equal(
    taken.join,
    '<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>"of-1"</ETag></Part>' +
      '<Part><PartNumber>2</PartNumber><ETag>"of-2"</ETag></Part></CompleteMultipartUpload>',
  )
  await close()
})

test('parts that the bucket could not join are not called an upload', async () => {
  const { page, close } = await open(browser)
  await bucketOfParts(page, '<Error><Code>InternalError</Code></Error>')
  await uploadLarge(page)
  await page.getByText('it answered InternalError').waitFor()
  assert.equal(await page.getByText('large.csv is uploaded').count(), 0)
  await close()
})
