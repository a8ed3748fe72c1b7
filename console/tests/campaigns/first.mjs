// The way of one campaign through the real system of this machine: from nothing to its first figures.
import assert from 'node:assert/strict'
import { ask, base, overflow, rowsOf, violations, visit, whole } from '../browser.mjs'

const EXAMPLES = new URL('../../../examples/campaigns/', import.meta.url)
const file = (name) => new URL(name, EXAMPLES).pathname
const SIMULATED = 'The simulator of this machine made up these reactions and purchases.'
const PATIENCE = { timeout: 240_000 } // a count reads every customer, and other tests run beside this one

/** The settings of the shop: who sends, and on which legal basis. */
async function declare() {
  const { token } = await (await fetch(`${base}/config.json`)).json()
  const { version, settings } = await ask('/v1/settings')
  const campaigns = {
    from_name: 'Example Shop', from_address: 'news@shop.example', postal_address: '1 Example Street', quiet_from: '', quiet_until: '',
    legal_basis: { GB: 'soft_opt_in' },
  }
  const answer = await fetch(`${base}/v1/settings`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ version, settings: { ...settings, campaigns } }),
  })
  assert.equal(answer.status, 200, await answer.text())
}

async function publishTemplate(page) {
  await visit(page, 'templates')
  await page.getByLabel('Name of the shop').fill('Example Shop')
  await page.getByLabel('Postal address').fill('1 Example Street')
  await page.getByRole('button', { name: 'Save the brand kit' }).click()
  await page.getByText(/Version \d+, saved on/).waitFor()
  await page.getByLabel('File of a template').setInputFiles(file('win-back.json'))
  await page.getByRole('button', { name: 'Publish', exact: true }).click()
  await page.getByText(/^Version 1, /).first().waitFor()
}

async function importConsents(page) {
  await visit(page, 'consent')
  await page.locator('input[type=file]').setInputFiles(file('simulated_consents.csv'))
  await page.getByRole('button', { name: /^Upload \d/ }).click()
  await page.getByText(/^Imported: [\d,]+ lines/).waitFor(PATIENCE)
}

async function build(page) {
  await visit(page, 'campaigns/new')
  await page.getByLabel('Name', { exact: true }).first().fill('First figures')
  await page.getByLabel('Segments', { exact: true }).click()
  await page.getByRole('option', { name: "Can't Lose Them" }).click()
  await page.keyboard.press('Escape')
  await page.getByLabel('Template', { exact: true }).click()
  await page.getByRole('option').first().click()
  await page.getByRole('radio', { name: "The shop's" }).check()
  await page.getByLabel('Hours, from').fill('00:00')
  await page.getByLabel('Hours, until').fill('23:59')
  const rows = page.getByRole('table', { name: 'What becomes of the audience' })
  await rows.waitFor(PATIENCE)
  const counted = await rowsOf(page, 'What becomes of the audience')
  await page.getByRole('button', { name: 'Save the campaign' }).click()
  await page.getByRole('heading', { level: 1, name: 'First figures' }).waitFor()
  return counted
}

/** Builds, plans, approves, watches and measures a campaign. Returns what was counted before it was saved. */
export async function firstCampaign(page) {
  await declare()
  await publishTemplate(page)
  await importConsents(page)
  const counted = await build(page)
  const eligible = await send(page, counted)
  await react(page, eligible)
  await result(page)
  await delivered(page, eligible)
  return counted
}

async function send(page, counted) {
  await page.getByRole('button', { name: 'Plan a run' }).click()
  await page.getByRole('button', { name: 'Plan', exact: true }).click()
  await page.getByText('Nothing is sent before you approve this run').waitFor(PATIENCE)
  const planned = await rowsOf(page, 'What becomes of the audience')
  assert.deepEqual(planned, counted, 'the plan is what was counted before')
  const [, [, eligible]] = planned
  assert.deepEqual(await violations(page), [])
  await page.getByRole('button', { name: 'Approve…' }).click()
  await page.getByRole('button', { name: `Approve and send to ${eligible}` }).click()
  await page.getByText(`${eligible} of ${eligible}`).first().waitFor(PATIENCE)
  return eligible
}

async function react(page, eligible) {
  await page.getByRole('button', { name: 'Simulate reactions' }).click()
  await page.getByText(/^Simulated for/).waitFor(PATIENCE)
  await page.getByText(SIMULATED).waitFor(PATIENCE)
  const [[, recipients, , arrived]] = await rowsOf(page, 'All recipients')
  assert.equal(recipients, eligible)
  assert.ok(whole(arrived.split(' ')[0]) > 0, 'some were delivered')
  assert.deepEqual(await violations(page), [])
}

async function result(page) {
  await visit(page, 'campaigns/first-figures')
  await page.getByRole('table', { name: 'By churn risk' }).waitFor(PATIENCE)
  assert.equal((await rowsOf(page, 'All together')).length, 1)
  await page.getByText(SIMULATED).first().waitFor() // the result, and who reacts
  assert.deepEqual(await violations(page), [])
  assert.ok((await overflow(page)) <= 0)
}

async function delivered(page, eligible) {
  await visit(page, 'inbox')
  const { count } = await ask('/local/inbox')
  assert.ok(count >= whole(eligible), `${count} mails for ${eligible} people`)
  await page.getByRole('table', { name: 'Messages in the local inbox' }).getByRole('link').first().click()
  await page.frameLocator('iframe[title="The mail as a mail program shows it"]').getByText('1 Example Street').waitFor()
}
