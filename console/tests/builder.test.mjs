// Sets of every kind are built by forms, counted while they are written, saved, and read back as they were.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { ask, launch, open, visit } from './browser.mjs'

let browser

before(async () => {
  browser = await launch()
})

after(async () => {
  await browser?.close()
})

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
  assert.deepEqual(besidesCounts(faults), [])
  await close()
})

/** The faults of a page, without the refused count of a definition that rested half-made on a slow machine. */
const besidesCounts = (faults) => faults.filter((one) => !one.includes('status of 422'))

/** Chooses an option of a choice that is below other ones of the same name. */
async function choose(page, label, option) {
  await page.getByRole('button', { name: label }).last().click()
  await page.getByRole('option', { name: option }).first().click()
}

test('a condition reads the labels of another set, lists numbers, and counts empty cells', async () => {
  const { page, faults, close } = await open(browser)
  await visit(page, 'builder/new')
  const title = `Listed ${Date.now() % 100_000}`
  await page.getByLabel('Name').fill(title)
  await page.getByLabel('What it is about').fill('Scores, and labels of another set.')
  await choose(page, 'About', 'Chance to cancel in 30 days')
  await page.getByText(/Chance to cancel in 30 days: .* no value/).waitFor()
  await choose(page, 'About', 'Recency score')
  await choose(page, 'How', 'is one of')
  await page.getByLabel('Values').fill('4, 5')
  await page.getByRole('button', { name: 'Add a condition' }).click()
  await choose(page, 'About', 'Churn risk')
  await page.getByRole('button', { name: /Values/ }).last().click()
  await page.getByRole('option', { name: 'Low', exact: true }).click()
  await page.keyboard.press('Escape')
  await page.getByRole('table', { name: 'Customers by label' }).waitFor()
  await page.getByRole('button', { name: /Save as version/ }).click()
  await page.getByRole('link', { name: title }).waitFor()
  const { set } = await ask(`/v1/segment-sets/${title.toLowerCase().replace(' ', '_')}`)
  assert.deepEqual(set.definition.label[0].when, {
    all: [{ column: 'r_score', in: [4, 5] }, { set: 'churn_band', in: ['Low'] }],
  })
  assert.deepEqual(besidesCounts(faults), [])
  await close()
})

test('a set by ranges and one over two sets are built by forms', async () => {
  const { page, faults, close } = await open(browser)
  const started = Date.now() % 100_000
  const built = [
    { kind: 'By the ranges of a column', title: `Cut ${started}`, has: 'rule' },
    { kind: 'By two other sets', title: `Joined ${started}`, has: 'of' },
  ]
  for (const { kind, title, has } of built) {
    await visit(page, 'builder/new')
    await page.getByRole('radio', { name: kind }).check()
    if (has === 'of') await page.getByLabel('Label', { exact: true }).fill('All')
    await page.getByLabel('Name').fill(title)
    await page.getByLabel('What it is about').fill('Built by a form.')
    await page.getByRole('table', { name: 'Customers by label' }).waitFor()
    await page.getByRole('button', { name: /Save as version/ }).click()
    await page.getByRole('link', { name: title }).waitFor()
    const { set } = await ask(`/v1/segment-sets/${title.toLowerCase().replace(' ', '_')}`)
    assert.ok(has in set.definition, title)
  }
  assert.deepEqual(besidesCounts(faults), [])
  await close()
})

test('every set that comes with Tessera is edited by a form, and saved as it was', async () => {
  const { page, faults, close } = await open(browser)
  const { items } = await ask('/v1/segment-sets')
  for (const { name, definition } of items.filter((set) => set.shipped)) {
    await visit(page, `builder/${name}`)
    const meaning = page.getByLabel('What it is about')
    await meaning.fill('Something else.')
    await meaning.fill(definition.meaning)
    const save = page.getByRole('button', { name: /Save as version/ })
    await save.click()
    await page.getByRole('heading', { name: 'Segment builder' }).waitFor()
    const { set } = await ask(`/v1/segment-sets/${name}`)
    assert.deepEqual(set.definition, definition)
  }
  assert.deepEqual(besidesCounts(faults), [])
  await close()
})
