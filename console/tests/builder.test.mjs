// A set is built with groups, counted while it is written, saved, and read back as it was.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { base, launch, open, visit } from './browser.mjs'

let browser

before(async () => {
  browser = await launch()
})

after(async () => {
  await browser?.close()
})

/** Asks the API as the console of this machine does. */
async function ask(path) {
  const { token } = await (await fetch(`${base}/config.json`)).json()
  return (await fetch(base + path, { headers: { authorization: `Bearer ${token}` } })).json()
}

test('a set by conditions is built, counted and saved', async () => {
  const { page, faults, close } = await open(browser)
  await visit(page, 'builder/new')
  const title = `Attention ${Date.now() % 100_000}`
  await page.getByLabel('Name').fill(title)
  await page.getByLabel('What it is about').fill('Who needs a personal word.')
  await page.getByLabel('From').fill('500')
  await page.getByRole('button', { name: 'Add a group' }).click()
  await page.getByLabel('Below').last().fill('5000')

  const counts = page.getByRole('table', { name: 'Customers by label' })
  await counts.getByRole('row').nth(2).waitFor()
  const sizes = await counts.locator('tbody tr td:nth-child(2)').allInnerTexts()
  const insights = await ask('/v1/insights')
  const counted = sizes.map((text) => Number(text.split(' ')[0].replaceAll(',', '')))
  assert.equal(counted.reduce((sum, size) => sum + size, 0), insights.overview.customers)
  assert.ok(counted[0] > 0, 'somebody meets the conditions')

  await page.getByRole('button', { name: /Save as version/ }).click()
  await page.getByRole('link', { name: title }).waitFor()
  const name = title.toLowerCase().replace(' ', '_')
  const { set } = await ask(`/v1/segment-sets/${name}`)
  assert.deepEqual(set.definition.label[0].when, {
    all: [{ column: 'monetary', from: 500 }, { any: [{ column: 'monetary', from: 100, below: 5000 }] }],
  })
  assert.ok(set.in_use)
  assert.match(set.toml, /from = 500/)

  await page.getByRole('link', { name: title }).click()
  await page.getByLabel('What it is about').waitFor()
  assert.equal(await page.getByLabel('From').first().inputValue(), '500')
  assert.deepEqual(faults, [])
  await close()
})
