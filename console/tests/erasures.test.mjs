// An administrator erases somebody: asked twice, followed, and the receipt saved as it was signed.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { launch, open, overflow, problem, rowsOf, violations, visit } from './browser.mjs'

let browser

before(async () => {
  browser = await launch()
})

after(async () => {
  await browser?.close()
})

const CASE = { case: 'dsr-17', state: 'waiting', customers: 2, requested_at: '2026-12-01T10:00:00Z', requested_by: 'user:local', why: '' }
const RECEIPT = {
  receipt: {
    case: 'dsr-17', status: 'open', unknown: 1, finished_at: '2026-12-01T11:00:00Z',
    objects: [{ kind: 'events', rewritten: 2, rows: 5, deleted: 0, versions: 3, bytes: 9 }],
    tables: { 'live labels': 1 },
    destinations: [{ destination: 'klaviyo', title: 'Klaviyo', erases: 'delete', answers: { requested: 1 }, failed: '', by_hand: '', details: [] }],
    search: { versions: 60, hits: 0 },
    not_done: ['Webhook: 1 not erased, tried again. it answered 503'],
    ages_out: [{ what: 'access logs of the buckets', days: 90, why: 'they have no customer' }],
    later: { fields: ['stay'] },
  },
  signature: { algorithm: 'ECDSA_SHA_256', key: 'k', public_key: 'p', value: 'v' },
}

test('somebody is erased only after a second question, and the case opens', async () => {
  const { page, faults, close } = await open(browser, { width: 390 })
  const sent = []
  await page.route('**/v1/erasures?*', (route) => route.fulfill({ json: { items: [], next: null } }))
  await page.route('**/v1/erasures', (route) => {
    sent.push(route.request().postDataJSON())
    return route.fulfill({ status: 202, json: CASE })
  })
  await page.route('**/v1/erasures/dsr-17', (route) => route.fulfill({ json: { ...CASE, receipt: null } }))
  await visit(page, 'erasures')
  await page.getByText('Nobody was erased yet').waitFor()
  await page.getByRole('button', { name: 'Erase somebody' }).click()
  const next = page.getByRole('button', { name: 'Continue' })
  assert.ok(await next.isDisabled())
  await page.getByLabel('Ids or addresses').fill('12346\n\n ann@example.com \n12346')
  await page.getByLabel('Your case number').fill('DSR 17')
  await page.getByText('Use lower-case letters, digits and hyphens').waitFor()
  assert.ok(await next.isDisabled())
  await page.getByLabel('Your case number').fill('dsr-17')
  assert.deepEqual(await violations(page), [])
  await next.click()
  await page.getByText('Erase 2 people for good?').waitFor()
  assert.deepEqual(sent, [], 'nothing happens before the second question')
  assert.deepEqual(await violations(page), [])
  await page.getByRole('button', { name: 'Go back' }).click()
  assert.equal(await page.getByLabel('Your case number').inputValue(), 'dsr-17')
  await next.click()
  await page.getByRole('button', { name: 'Erase for good' }).click()
  await page.getByRole('heading', { name: 'Case dsr-17' }).waitFor()
  assert.deepEqual(sent, [{ customers: ['12346', 'ann@example.com'], case: 'dsr-17' }])
  await page.getByText('It waits for the runs before it.').waitFor()
  assert.ok((await overflow(page)) <= 0)
  assert.deepEqual(faults, [])
  await close()
})

test('a case number that is taken is said in the dialog', async () => {
  const { page, close } = await open(browser)
  await page.route('**/v1/erasures', (route) => route.fulfill(problem(409, 'Conflict', 'The case number dsr-17 is taken: choose another one.')))
  await visit(page, 'erasures')
  await page.getByRole('button', { name: 'Erase somebody' }).click()
  await page.getByLabel('Ids or addresses').fill('12346')
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('button', { name: 'Erase for good' }).click()
  await page.getByText('dsr-17 is taken').waitFor()
  await page.getByRole('button', { name: 'Go back' }).click()
  await page.getByLabel('Ids or addresses').waitFor()
  await close()
})

for (const width of [1280, 390]) {
  test(`a case shows what is left, and saves its receipt as it was signed, at ${width} pixels`, async () => {
    const { page, faults, close } = await open(browser, { width })
    await page.route('**/v1/erasures/dsr-17', (route) => route.fulfill({ json: { ...CASE, state: 'open', receipt: RECEIPT } }))
    await visit(page, 'erasures/dsr-17')
    await page.getByText('What is left is tried again every day.').waitFor()
    await page.getByText('Webhook: 1 not erased, tried again. it answered 503.').waitFor()
    assert.deepEqual(await rowsOf(page, 'What was erased'), [['Events', '5', '2', '0', '3']])
    assert.deepEqual(await rowsOf(page, 'Answers of the destinations'), [['Klaviyo', 'requested 1', '']])
    await page.getByText('60 objects searched afterwards: nobody is left.').waitFor()
    const saving = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Save the receipt' }).click()
    const saved = await saving
    assert.equal(saved.suggestedFilename(), 'receipt-dsr-17.json')
    assert.deepEqual(JSON.parse(await readFile(await saved.path(), 'utf8')), RECEIPT, 'members that the page does not know are signed too')
    assert.deepEqual(await violations(page), [])
    assert.ok((await overflow(page)) <= 0)
    assert.deepEqual(faults, [])
    await close()
  })
}

test('a case that only waits says until when, in the list and on its page', async () => {
  const { page, close } = await open(browser)
  const waits = { ...CASE, state: 'open', open_until: '2026-12-01T15:30:00Z' }
  await page.route('**/v1/erasures?*', (route) => route.fulfill({ json: { items: [waits], next: null } }))
  await page.route('**/v1/erasures/dsr-17', (route) => route.fulfill({ json: { ...waits, receipt: RECEIPT } }))
  await visit(page, 'erasures')
  await page.getByText('Open until').waitFor()
  await visit(page, 'erasures/dsr-17')
  await page.getByText('After that everything is searched again.').waitFor()
  assert.equal(await page.getByText('is tried again every day').count(), 0)
  await close()
})

test('a case that was refused says why, and that nothing was erased', async () => {
  const { page, close } = await open(browser)
  const why = "tenant 'default' has no customer with this id or address: nothing was erased"
  await page.route('**/v1/erasures/dsr-17', (route) => route.fulfill({ json: { ...CASE, state: 'refused', why, receipt: null } }))
  await visit(page, 'erasures/dsr-17')
  await page.getByText('has no customer with this id or address').waitFor()
  assert.equal(await page.getByRole('button', { name: 'Save the receipt' }).count(), 0)
  await close()
})
