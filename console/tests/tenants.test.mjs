// The page of operators: tenants are made, stopped, limited and removed, at both widths.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { base, launch, open, overflow, problem, rowsOf, violations, visit } from './browser.mjs'

let browser

before(async () => {
  browser = await launch()
})

after(async () => {
  await browser?.close()
})

const AT = '2026-11-29T10:00:00.000Z'
const tenant = (name, more = {}) => ({
  tenant: name, state: 'active', reason: '', made_at: AT, made_by: 'user:1', changed_at: AT, changed_by: 'user:1',
  seen_at: null, limits: { max_runs: null, requests_per_minute: null }, destinations: null, daily_run: true, removal: null,
  ...more,
})
const GONE = { case: 'gone-20261101T000000Z', tenant: 'gone', asked_at: AT, asked_by: 'user:1', reason: 'contract ended', finished_at: AT }
const RECEIPT = { receipt: { kind: 'removal', case: GONE.case }, signature: { algorithm: 'Ed25519', key: 'k', public_key: '', value: '' } }

/** Stands for the API as an operator sees it. Returns what it was sent. */
async function standForApi(page) {
  const kept = new Map([tenant('acme'), tenant('zenith', { state: 'suspended', reason: 'invoice 12' }), tenant('default')].map((one) => [one.tenant, one]))
  const sent = []
  const change = (name, parts) => kept.set(name, { ...kept.get(name), ...parts }).get(name)
  const answers = {
    suspend: (name, body) => change(name, { state: 'suspended', reason: body.reason }),
    resume: (name) => change(name, { state: 'active', reason: '' }),
    limits: (name, body) => change(name, body),
    remove: (name, body) => change(name, { state: 'removing', reason: body.reason }) && { ...GONE, tenant: name, finished_at: null },
  }
  const me = { tenant: '', role: 'operator', subject: 'user:1', scopes: ['self:read', 'tenants:write'] }
  await page.route('**/v1/**', (route) => route.fulfill(problem(403, 'Forbidden', 'This needs the role viewer: yours is operator.')))
  await page.route('**/v1/me', (route) => route.fulfill({ json: me }))
  await page.route('**/v1/removals', (route) => route.fulfill({ json: { items: [GONE] } }))
  await page.route(`**/v1/removals/${GONE.case}`, (route) => route.fulfill({ json: RECEIPT }))
  await page.route('**/v1/tenants', (route) => {
    const body = route.request().postDataJSON()
    if (!body) return route.fulfill({ json: list(kept) })
    sent.push(['make', body])
    kept.set(body.tenant, tenant(body.tenant, body))
    return route.fulfill({ status: 201, json: kept.get(body.tenant) })
  })
  await page.route('**/v1/tenants/*/*', (route) => {
    const [name, does] = new URL(route.request().url()).pathname.split('/').slice(-2)
    const body = route.request().postDataJSON() ?? {}
    sent.push([does, name, body])
    return route.fulfill({ status: does === 'remove' ? 202 : 200, json: answers[does](name, body) })
  })
  return sent
}

const list = (kept) => ({
  items: [...kept.values()], limits: { max_runs: 2, requests_per_minute: 600 }, destinations: ['export', 'klaviyo'], is_open: true,
})

/** Chooses an action in the row of a tenant. */
async function choose(page, name, action) {
  await page.getByRole('button', { name: `Change ${name}` }).click()
  await page.getByRole('menuitem', { name: action, exact: true }).click()
}

const stateOf = (page, name, text) => page.getByRole('row', { name: new RegExp(`^${name}`) }).getByText(text).waitFor()

for (const width of [1280, 390]) {
  test(`an operator sees the tenants and nothing else, at ${width} pixels`, async () => {
    const { page, close } = await open(browser, { width })
    await standForApi(page)
    await page.goto(`${base}/#/overview`)
    await page.getByRole('heading', { level: 1, name: 'Tenants' }).waitFor()
    await visit(page, 'tenants')
    if (width > 400) assert.deepEqual(await page.locator('nav a[href^="#/"]').allInnerTexts(), ['Tenants'])
    const rows = await rowsOf(page, /Shops/)
    assert.deepEqual(rows.map(([name]) => name), ['acme', 'zenith', 'default'])
    assert.match(rows[1].join(' '), /Suspended\s+invoice 12/)
    assert.match(rows[0].join(' '), /2 runs at once\s+600 requests a minute/)
    assert.deepEqual(await violations(page), [])
    assert.ok((await overflow(page)) <= 0, 'the page scrolls sideways')
    await close()
  })
}

test('a tenant is made, suspended, resumed and limited', async () => {
  const { page, close } = await open(browser)
  const sent = await standForApi(page)
  await visit(page, 'tenants')
  await page.getByRole('button', { name: 'Make a tenant' }).click()
  await page.getByLabel('Name', { exact: true }).fill('new-shop')
  await page.getByLabel('Runs at once').fill('4')
  await page.getByRole('button', { name: 'Make', exact: true }).click()
  await stateOf(page, 'new-shop', 'Active')
  await choose(page, 'new-shop', 'Suspend')
  assert.deepEqual(await violations(page), [])
  await page.getByLabel('Reason').fill('invoice 13')
  await page.getByRole('button', { name: 'Suspend', exact: true }).click()
  await stateOf(page, 'new-shop', 'invoice 13')
  await choose(page, 'new-shop', 'Resume')
  await page.getByRole('button', { name: 'Resume', exact: true }).click()
  await stateOf(page, 'new-shop', 'Active')
  await choose(page, 'new-shop', 'Limits')
  await page.getByLabel('Requests a minute').fill('60')
  await page.getByLabel('All, also those that are added later').uncheck()
  await page.getByLabel('Klaviyo').uncheck()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  assert.deepEqual(sent, [
    ['make', { tenant: 'new-shop', limits: { max_runs: 4, requests_per_minute: null }, destinations: null, daily_run: true }],
    ['suspend', 'new-shop', { reason: 'invoice 13' }],
    ['resume', 'new-shop', {}],
    ['limits', 'new-shop', { limits: { max_runs: 4, requests_per_minute: 60 }, destinations: ['export'], daily_run: true }],
  ])
  await close()
})

test('a tenant is removed only after its name was typed, and default never', async () => {
  const { page, close } = await open(browser)
  const sent = await standForApi(page)
  await visit(page, 'tenants')
  await choose(page, 'acme', 'Remove')
  const remove = page.getByRole('button', { name: 'Remove for good' })
  assert.ok(await remove.isDisabled())
  await page.getByLabel('Name of the tenant').fill('acm')
  assert.ok(await remove.isDisabled())
  await page.getByLabel('Name of the tenant').fill('acme')
  await page.getByLabel('Reason').fill('contract ended')
  await remove.click()
  await stateOf(page, 'acme', 'Being removed')
  assert.deepEqual(sent, [['remove', 'acme', { confirm: 'acme', reason: 'contract ended' }]])
  await page.getByRole('button', { name: 'Change default' }).click()
  assert.equal(await page.getByRole('menuitem', { name: 'Remove' }).count(), 0)
  await close()
})

test('a receipt is saved as it was signed', async () => {
  const { page, close } = await open(browser)
  await standForApi(page)
  await visit(page, 'tenants')
  const [saved] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download the receipt of gone' }).click()])
  assert.equal(saved.suggestedFilename(), `removal-${GONE.case}.json`)
  const chunks = []
  for await (const chunk of await saved.createReadStream()) chunks.push(chunk)
  assert.deepEqual(JSON.parse(Buffer.concat(chunks).toString()), RECEIPT)
  await close()
})
