// Consents and lists of receivers are sent to signed addresses, and what is refused is named.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { base, inStage, launch, open, overflow, rowsOf, violations, visit } from './browser.mjs'

let browser

before(async () => {
  browser = await launch()
})

after(async () => {
  await browser?.close()
})

const CSV = { name: 'consents.csv', mimeType: 'text/csv', buffer: Buffer.from('address,state,at\nann@customers.example,granted,2026-11-01\n') }
const COUNTS = {
  people: 12, marketing: { granted: 9, withdrawn: 3 }, tracking: { granted: 1 }, by_basis: { express: 9 }, legal_basis: { GB: 'soft_opt_in' },
}

/** Answers a signed address, and notes what it gets. */
async function bucket(page) {
  const got = []
  await page.route('**/signed', (route) => {
    got.push({ method: route.request().method(), token: route.request().headers().authorization, body: route.request().postData() })
    return route.fulfill({ status: 200, body: '' })
  })
  return got
}

const target = (name) => ({ name, expires_at: '2026-12-01T10:00:00Z', url: `${base}/signed` })

test('consents are imported, and each refused line says what was expected', async () => {
  const { page, faults, close } = await open(browser, { width: 390 })
  await inStage(page, { campaigns: true })
  const got = await bucket(page)
  const asked = []
  await page.route('**/v1/consent', (route) => route.fulfill({ json: COUNTS }))
  await page.route('**/v1/consent/imports', (route) => {
    asked.push(route.request().postDataJSON())
    return route.fulfill({ status: 201, json: target('import-1') })
  })
  await page.route('**/v1/consent/imports/import-1/start', (route) => {
    asked.push('start')
    const refusals = [{ line: 3, column: 'state', expected: 'one of granted, withdrawn, complained, bounced' }]
    return route.fulfill({ json: { import_id: 'import-1', imported_at: '2026-12-01T10:00:00Z', added: 1, refused: 1, refusals, states: { granted: 1 } } })
  })
  await visit(page, 'consent')
  const rows = await rowsOf(page, 'Addresses by consent')
  assert.deepEqual(rows.slice(0, 3), [['Consent given', '9', '1'], ['Consent has expired', '0', '0'], ['Opted out', '3', '0']])
  await page.getByText('GB: Soft opt in').waitFor()
  await page.locator('input[type=file]').setInputFiles(CSV)
  await page.getByRole('button', { name: /^Upload \d/ }).click()
  await page.getByText('Imported: 1 line (granted 1). Refused: 1 line.').waitFor()
  assert.deepEqual(await rowsOf(page, 'Refused lines'), [['3', 'state', 'one of granted, withdrawn, complained, bounced']])
  assert.deepEqual(asked, [{ bytes: CSV.buffer.length }, 'start'])
  assert.deepEqual(got, [{ method: 'PUT', token: undefined, body: CSV.buffer.toString() }], 'the token stays with the API')
  assert.deepEqual(await violations(page), [])
  assert.ok((await overflow(page)) <= 0)
  assert.deepEqual(faults, [])
  await close()
})

test('a list of receivers is uploaded under its name', async () => {
  const { page, faults, close } = await open(browser)
  await inStage(page, { campaigns: true })
  const got = await bucket(page)
  const items = []
  await page.route('**/v1/receivers', (route) => route.fulfill({ json: { items } }))
  await page.route('**/v1/receivers/*', (route) => {
    const name = new URL(route.request().url()).pathname.split('/').at(-1)
    items.push({ name, bytes: route.request().postDataJSON().bytes, uploaded_at: '2026-12-01T10:00:00Z' })
    return route.fulfill({ status: 201, json: target(name) })
  })
  await visit(page, 'receivers')
  await page.getByText('No list was uploaded yet').waitFor()
  await page.getByLabel('Name of the list').fill('Trade fair')
  await page.locator('input[type=file]').setInputFiles(CSV)
  await page.getByRole('button', { name: /^Upload \d/ }).click()
  await page.getByText('consents.csv is uploaded. A campaign can use it now.').waitFor()
  assert.deepEqual((await rowsOf(page, 'Lists of receivers')).map(([name]) => name), ['trade-fair'])
  assert.equal(got[0].token, undefined)
  assert.deepEqual(await violations(page), [])
  assert.deepEqual(faults, [])
  await close()
})
