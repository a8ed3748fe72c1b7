// Empty, error and withheld: an absent number is never shown as 0.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { launch, open, problem, visit } from './browser.mjs'

let browser

before(async () => {
  browser = await launch()
})

after(async () => {
  await browser?.close()
})

test('a shop without a run is shown how to begin', async () => {
  const { page, close } = await open(browser)
  await page.route('**/v1/insights*', (route) => route.fulfill(problem(404, 'Not there', 'No run has finished.')))
  await visit(page, 'overview')
  await page.getByText('No run has finished yet').waitFor()
  assert.equal(await page.getByRole('link', { name: 'Upload orders' }).getAttribute('href'), '#/runs')
  await close()
})

test('a refusal is shown in the words of the API, and can be tried again', async () => {
  const { page, close } = await open(browser)
  let refuse = true
  await page.route('**/v1/insights*', (route) =>
    refuse ? route.fulfill(problem(503, 'Busy', 'A service behind the API is away.')) : route.continue(),
  )
  await visit(page, 'overview')
  await page.getByText('A service behind the API is away.').waitFor()
  refuse = false
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByText('Money, net of refunds').waitFor()
  await close()
})

test('a forecast that is withheld says why, and is not 0', async () => {
  const { page, close } = await open(browser)
  const reason = 'The total of money was off by 27 %.'
  await page.route('**/v1/insights*', async (route) => {
    const insights = await (await route.fetch()).json()
    for (const group of insights.sets.rfm.groups) Object.assign(group, { clv_avg: null, clv_reason: reason, buyers: 5 })
    await route.fulfill({ json: insights })
  })
  await visit(page, 'segments/rfm')
  const row = page.locator('main tbody tr').first()
  const cell = row.locator('td').last()
  assert.equal((await cell.innerText()).trim(), 'Withheld')
  await cell.getByRole('button').click()
  await page.getByText(reason).waitFor()
  await close()
})

test('an empty figure is a dash', async () => {
  const { page, close } = await open(browser)
  await page.route('**/v1/insights*', async (route) => {
    const insights = await (await route.fetch()).json()
    insights.overview.median_days_to_second_order = null
    insights.overview.repeat_rate = null
    await route.fulfill({ json: insights })
  })
  await visit(page, 'overview')
  const figure = page.locator('dd', { hasText: 'median' })
  assert.match(await figure.innerText(), /^–/)
  await close()
})

test('a viewer is shown no page that the role may not read', async () => {
  const { page, close } = await open(browser)
  const me = { tenant: 'acme', role: 'viewer', subject: 'user:1', scopes: ['insights:read'] }
  await page.route('**/v1/me', (route) => route.fulfill({ json: me }))
  await visit(page, 'overview')
  await page.getByRole('link', { name: 'Cohorts' }).waitFor()
  assert.equal(await page.getByRole('link', { name: 'API keys' }).count(), 0)
  assert.equal(await page.getByRole('navigation').getByRole('link', { name: 'Customers' }).count(), 0)
  await close()
})
