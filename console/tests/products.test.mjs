// What customers buy: the API's own figures, as a chart, a table and a file, or the reason for none.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { ask, launch, open, problem, visit, whole } from './browser.mjs'

let browser, document_

before(async () => {
  browser = await launch()
  document_ = await ask('/v1/products')
})

after(async () => {
  await browser?.close()
})

/** The name and the buyers of each product in the table. */
async function shown(page) {
  const rows = await page.getByRole('table', { name: 'Products', exact: true }).locator('tbody tr').all()
  const texts = await Promise.all(rows.map((row) => row.locator('th, td').allInnerTexts()))
  return texts.map(([name, , buyers]) => [name.trim(), whole(buyers)])
}

const expected = (items) =>
  items.slice(0, 25).map(({ name, code, buyers }) => [[name, code].filter(Boolean).join(' '), buyers])

test('products stand in the order of their money, or of their buyers', async () => {
  const { page, faults, close } = await open(browser)
  await visit(page, 'products')
  const { items } = document_.products
  assert.deepEqual(await shown(page), expected(items))
  await page.getByRole('button', { name: 'By buyers' }).click()
  assert.deepEqual(await shown(page), expected(items.toSorted((one, other) => other.buyers - one.buyers)))
  await page.getByRole('img', { name: 'The first products by buyers' }).waitFor()
  assert.deepEqual(faults, [])
  await close()
})

test('all products of the run are saved as CSV', async () => {
  const { page, close } = await open(browser)
  await visit(page, 'products')
  const saving = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download CSV' }).click()
  const file = await saving
  assert.equal(file.suggestedFilename(), 'products.csv')
  const [header, ...lines] = readFileSync(await file.path(), 'utf8').trimEnd().split('\r\n')
  assert.match(header, /^code,name,money,/)
  assert.equal(lines.length, document_.products.items.length)
  await close()
})

test('data without products says what to upload', async () => {
  const { page, close } = await open(browser)
  const reason = 'The uploads of this run name no products.'
  await page.route('**/v1/products*', (route) => route.fulfill({ json: { ...document_, products: null, reason } }))
  await visit(page, 'products')
  await page.getByText(reason).waitFor()
  assert.equal(await page.getByRole('table', { name: 'Products', exact: true }).count(), 0)
  await close()
})

test('a refusal can be tried again, and an absent share is a dash', async () => {
  const { page, close } = await open(browser)
  let refuse = true
  const product = { ...document_.products.items[0], name: null, code: 'X-1', money_share: null, repeat_rate: null }
  await page.route('**/v1/products*', (route) =>
    refuse
      ? route.fulfill(problem(503, 'Busy', 'A service is away.'))
      : route.fulfill({ json: { ...document_, products: { ...document_.products, items: [product] } } }),
  )
  await visit(page, 'products')
  await page.getByText('A service is away.').waitFor()
  refuse = false
  await page.getByRole('button', { name: 'Try again' }).click()
  const cells = page.getByRole('table', { name: 'Products', exact: true }).locator('tbody tr').first().locator('th, td')
  assert.equal((await cells.first().innerText()).trim(), 'X-1')
  assert.match(await cells.nth(1).innerText(), /–$/)
  assert.equal((await cells.nth(3).innerText()).trim(), '–')
  await close()
})

test('next products have their test, each segment its own, and what is bought together', async () => {
  const { page, faults, close } = await open(browser)
  await visit(page, 'products')
  const { test: tested, segments, together } = document_.next_products
  const ways = await page.getByRole('table', { name: 'Test of recommendations' }).locator('tbody tr').allInnerTexts()
  assert.deepEqual(ways.length, 3)
  assert.ok(ways[0].includes(`${(100 * tested.learnt.recall).toFixed(1)}`))
  const bySegment = page.getByRole('table', { name: 'Products by segment' }).locator('tbody tr')
  assert.equal(await bySegment.count(), Object.keys(segments).length)
  const pairs = await page.getByRole('table', { name: 'Bought together' }).locator('tbody tr').allInnerTexts()
  assert.equal(pairs.length, together.length)
  assert.ok(pairs[0].includes(together[0].together[0].name))
  assert.deepEqual(faults, [])
  await close()
})

test('a customer has the likely products by name', async () => {
  const { items } = await ask('/v1/customers?limit=20')
  const { customer_key: key } = items.find((one) => one.next_products)
  const { next_products: likely } = await ask(`/v1/customers/${key}`)
  const { page, faults, close } = await open(browser)
  await visit(page, `customers/${key}`)
  const entries = page.getByRole('list', { name: 'Likely to buy next' }).getByRole('listitem')
  await entries.first().waitFor()
  const shown = await entries.allInnerTexts()
  const inOneLine = (text) => text.replaceAll(/\s+/g, ' ').trim()
  assert.ok(likely.every(({ name }) => name))
  assert.deepEqual(shown.map(inOneLine), likely.map(({ name, product }) => inOneLine(`${name} ${product}`)))
  assert.deepEqual(faults, [])
  await close()
})
