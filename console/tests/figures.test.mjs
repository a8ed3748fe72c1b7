// The pages show the API's own figures: none is computed a second time.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { ask, launch, open, rowsOf, visit, whole } from './browser.mjs'

let browser, insights

before(async () => {
  browser = await launch()
  insights = await ask('/v1/insights')
})

after(async () => {
  await browser?.close()
})

test('the overview has the figures of the run', async () => {
  const { page, close } = await open(browser)
  await visit(page, 'overview')
  const figures = await page.locator('dd').allInnerTexts()
  const { customers, monetary, orders } = insights.overview
  assert.deepEqual(figures.slice(0, 3).map(whole), [customers, Math.round(Number(monetary)), orders])
  const rows = await rowsOf(page, 'Segments')
  assert.deepEqual(
    rows.map(([label, size]) => [label.trim(), whole(size.split(' ')[0])]),
    insights.sets.rfm.groups.map((group) => [group.group, group.uuids]),
  )
  await close()
})

test('movement loses and invents nobody', async () => {
  const { page, close } = await open(browser)
  await visit(page, 'movement')
  const [before_, entered, left, after_] = (await page.locator('dd').allInnerTexts()).map(whole)
  assert.equal(before_ + entered + left, after_)
  assert.equal(after_, insights.overview.customers)
  for (const [label, was, went, came, is] of await rowsOf(page, 'Segments before and after'))
    assert.equal(whole(was) + whole(went) + whole(came), whole(is), label)
  await close()
})

test('another run shows its own figures', async () => {
  const { page, close } = await open(browser)
  const [earlier] = insights.trend
  await visit(page, `overview?run=${earlier.run_id}`)
  assert.equal(whole(await page.locator('dd').first().innerText()), earlier.customers)
  await close()
})
