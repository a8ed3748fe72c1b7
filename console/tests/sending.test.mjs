// A segment is sent: where it goes is chosen, counted, confirmed, and followed.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { launch, open, problem, visit, violations } from './browser.mjs'

let browser

before(async () => {
  browser = await launch()
})

after(async () => {
  await browser?.close()
})

const ROUTE = '**/v1/segment-sets/value_tier/destinations'

/** Opens the dialog of a segment whose set goes to one of two destinations. */
async function opened({ saves, starts = { status: 202, json: { execution: 'api-1' } } } = {}) {
  const { page, faults, close } = await open(browser)
  const item = (destination, title, gets) => ({ destination, title, gets, reason: null })
  const where = { version: 4, saved_by: null, saved_at: null, name: 'value_tier', items: [item('export', 'Export', true), item('klaviyo', 'Klaviyo', false)] }
  const sent = []
  await page.route(ROUTE, (route) => {
    if (route.request().method() === 'GET') return route.fulfill({ json: where })
    sent.push(route.request().postDataJSON())
    return route.fulfill(saves ?? { json: where })
  })
  await page.route('**/v1/runs', (route) => {
    if (route.request().method() === 'GET') return route.fallback()
    sent.push('run')
    return route.fulfill(starts)
  })
  await visit(page, 'segments/value_tier/High')
  await page.getByRole('button', { name: 'Send to…' }).click()
  await page.getByText(/customers? (was|were) in the segment on/).waitFor()
  return { page, sent, faults, close }
}

test('a segment is sent with the next run where it was chosen', async () => {
  const { page, sent, faults, close } = await opened()
  const save = page.getByRole('button', { name: 'Send with the next run' })
  assert.ok(await save.isDisabled(), 'nothing is chosen anew')
  assert.deepEqual(await violations(page), [])
  await page.getByRole('checkbox', { name: 'Klaviyo' }).check()
  await save.click()
  await page.getByText('The next run sends the segments where you chose.').waitFor()
  assert.deepEqual(sent, [{ version: 4, destinations: ['export', 'klaviyo'] }])
  assert.deepEqual(faults, [])
  await close()
})

test('a segment is sent now by a run of today', async () => {
  const { page, sent, close } = await opened()
  await page.getByRole('button', { name: 'Send now' }).click()
  await page.getByText('The run begins in a moment').waitFor()
  assert.deepEqual(sent, ['run'])
  await close()
})

test('a choice that somebody else changed is refused with the reason, and no run begins', async () => {
  const { page, sent, close } = await opened({ saves: problem(409, 'Conflict', 'Version 5 is in use.') })
  await page.getByRole('checkbox', { name: 'Klaviyo' }).check()
  await page.getByRole('button', { name: 'Send now' }).click()
  await page.getByText('Version 5 is in use.').waitFor()
  assert.equal(sent.length, 1)
  await close()
})

test('a viewer sees where a segment goes, and cannot send it', async () => {
  const { page, faults, close } = await open(browser)
  const viewer = { tenant: 'acme', role: 'viewer', subject: 'user:1', scopes: ['insights:read'] }
  await page.route('**/v1/me', (route) => route.fulfill({ json: viewer }))
  await visit(page, 'segments/value_tier/High')
  await page.getByRole('table', { name: 'Destinations' }).getByText('Gets it').first().waitFor()
  assert.equal(await page.getByRole('button', { name: 'Send to…' }).count(), 0)
  assert.deepEqual(faults, [])
  await close()
})

test('a set that the next run does not compute is shown as going nowhere', async () => {
  const { page, close } = await open(browser)
  await page.route(ROUTE, (route) => route.fulfill(problem(404, 'Not Found', 'No such set.')))
  await visit(page, 'segments/value_tier/High')
  await page.getByText('The next run does not compute this set').waitFor()
  assert.ok(await page.getByRole('button', { name: 'Send to…' }).isDisabled())
  await close()
})
