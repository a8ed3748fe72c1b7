// The messages of campaigns to one customer, and what came of them.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { ask, inStage, launch, open, rowsOf, visit } from './browser.mjs'

let browser

before(async () => {
  browser = await launch()
})

after(async () => {
  await browser?.close()
})

/** The page of a customer whose messages the API answers like this. */
async function customer(answer, campaigns = true) {
  const { items } = await ask('/v1/customers?limit=1')
  const { page, faults, close } = await open(browser)
  await inStage(page, { campaigns })
  await page.route('**/v1/customers/*/messages', (route) => route.fulfill(answer))
  await visit(page, `customers/${items[0].customer_key}`)
  return { page, faults, close }
}

test('a message leads to its run, and a missing report is no event', async () => {
  const events = [{ kind: 'DELIVERED', at: '2026-12-01T10:01:00Z', reason: '' }, { kind: 'BOUNCED', at: '2026-12-01T10:02:00Z', reason: 'Permanent' }]
  const message = { campaign: 'win-back', variant: 'a', sent_at: '2026-12-01T10:00:00Z' }
  const items = [{ ...message, run_id: 'win-back-r002', events }, { ...message, run_id: 'win-back-r001', events: [] }]
  const { page, close } = await customer({ json: { items } })
  const rows = await rowsOf(page, 'Messages to the customer')
  assert.match(rows[0].at(-1), /Delivered 1 Dec 2026.*Bounced 1 Dec 2026.*Permanent/)
  assert.equal(rows[1].at(-1), 'Nothing yet')
  assert.equal(await page.getByRole('link', { name: 'win-back-r001' }).getAttribute('href'), '#/campaigns/win-back/runs/win-back-r001')
  await close()
})

test('a stage without campaigns has none of its pages, and asks for no messages', async () => {
  const { page, faults, close } = await customer({ status: 500 }, false)
  await page.getByText('Explain every label in words').waitFor()
  assert.equal(await page.getByRole('heading', { name: 'Messages' }).count(), 0)
  await page.getByRole('link', { name: 'Templates' }).waitFor()
  for (const name of ['Campaigns', 'Consent', 'Lists of receivers', 'Local inbox']) {
    assert.equal(await page.getByRole('link', { name, exact: true }).count(), 0, name)
  }
  assert.deepEqual(faults, [])
  await close()
})
