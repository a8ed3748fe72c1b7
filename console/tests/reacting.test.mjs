// Who reacts to a campaign, an offer with a budget, how people read, and what can be detected before.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { launch, open, overflow, problem, rowsOf, violations, visit } from './browser.mjs'
import { TARGETS, WITHHELD } from './campaigns/reacting.mjs'
import { campaignOf, DEFINITION, RESULTS, runOf, stubCampaigns } from './campaigns/stub.mjs'

let browser

before(async () => {
  browser = await launch()
})

after(async () => {
  await browser?.close()
})

const MEASURED = { last_run: 'win-back-r001', last_run_state: 'FINISHED' }

/** The page of a campaign that was measured. */
async function measured(changes, look) {
  const { page, faults, close } = await open(browser, look)
  const state = { campaigns: { 'win-back': campaignOf(DEFINITION, MEASURED) }, run: runOf({ state: 'FINISHED' }), results: RESULTS, ...changes }
  const sent = await stubCampaigns(page, state)
  return { page, sent, faults, close }
}

test('who reacts comes after what the campaign changed, in words before numbers', async () => {
  const { page, faults, close } = await measured({}, { width: 390 })
  await visit(page, 'campaigns/win-back')
  await page.getByText('Some groups react more, and this can be used').waitFor()
  await page.getByText(TARGETS.reason).waitFor()
  const headings = (await page.getByRole('heading', { level: 2 }).allTextContents()).slice(0, 7)
  assert.deepEqual(headings, ['Did it work?', 'For which people?', 'What next?', 'Who to write to next', 'Plan an offer', 'Who reads, and when', 'What it does'])
  const groups = await rowsOf(page, 'Groups by reaction')
  assert.deepEqual(groups.map(([who]) => who), ['Days since last order is below 60 and orders is 3 or more', 'Days since last order is 60 or more and below 120', 'Days since last order is 120 or more'])
  assert.match(groups[0][1], /^\+\D?3\.40\s+95 % interval: \+\D?2\.90 to \+\D?3\.90$/)
  assert.match(groups[2][1], /^−\D?0\.30/)
  assert.equal(groups[0][2], '812')
  assert.equal((await rowsOf(page, 'Against other ways to choose')).length, 2)
  await page.getByRole('button', { name: 'The curve in numbers' }).click()
  assert.equal((await rowsOf(page, 'The curve in numbers')).length, TARGETS.curve.length)
  const [opens, clicks, leaves] = await rowsOf(page, 'Chances')
  assert.match(opens[1], /^Withheld\s+Everybody counts as alike$/)
  assert.match(leaves[1], /^Withheld/)
  assert.equal(leaves[2], '–', 'what is not known is no zero')
  assert.match(clicks[1], /^Own chance\s+Begins at 8\.0%, which counts as 6\.5 messages$/)
  await page.getByRole('img', { name: 'Tenth 10: predicted 20.0%, came 19.5%, of 400 people.' }).waitFor()
  await page.getByText("Most clicks come from 18:00 to 21:00, in the shop's time zone.").waitFor()
  await page.getByText("Withheld: the shop's hours are everybody's").waitFor()
  assert.deepEqual(await violations(page), [])
  assert.ok((await overflow(page)) <= 0)
  assert.deepEqual(faults, [])
  await close()
})

test('an offer is planned by cost, margin and budget, and is saved as a set in use', async () => {
  const { page, sent, faults, close } = await measured({})
  const saves = []
  await page.route(/\/v1\/segment-sets\/offer_win_back$/, (route) => {
    saves.push(route.request().postDataJSON())
    return route.fulfill({ json: { saved_at: null, saved_by: null, version: 1, set: { name: 'offer_win_back', in_use: true } } })
  })
  await visit(page, 'campaigns/win-back')
  const plan = page.getByRole('button', { name: 'Plan the offer' })
  await page.getByLabel('Margin').fill('140')
  await plan.click()
  assert.deepEqual(await page.getByText(/^Expected an? /).allTextContents(), ['Expected an amount of 0 or more.', 'Expected a percentage above 0 and up to 100.'])
  assert.ok(!sent.some(({ call }) => call.endsWith('/offer')), 'nothing is asked with a wrong field')
  await page.getByLabel('Cost').fill('0.5')
  await page.getByLabel('Margin').fill('40')
  await page.getByLabel('Budget').fill('500')
  await page.keyboard.press('Enter')
  await page.getByText('Send the offer to 812 customers first.').waitFor()
  assert.deepEqual(sent.at(-1).body, { cost: 0.5, margin: 0.4, budget: 500 })
  const rows = await rowsOf(page, 'Who gets the offer')
  assert.deepEqual(rows.map(([, label]) => label.split('\n')[0]), ['First', 'Later', 'Leave'])
  assert.equal(rows[0][0], 'Days since last order is below 60 and orders is 3 or more')
  await page.getByRole('img', { name: /^Expected margin after the cost/ }).waitFor()
  await page.getByRole('button', { name: 'The frontier in numbers' }).click()
  assert.equal((await rowsOf(page, 'The frontier in numbers'))[4][0], '4,976')
  assert.deepEqual(await violations(page), [])
  await page.getByRole('button', { name: 'Save as a segment set…' }).click()
  await page.getByText('Leave: 2,960 customers').waitFor()
  await page.getByRole('button', { name: 'Save the set' }).click()
  await page.getByText('The segment set offer_win_back is saved').waitFor()
  assert.equal(saves[0].in_use, true)
  assert.equal(saves[0].definition.name, 'offer_win_back')
  await page.getByRole('link', { name: 'Make a campaign for those who get it' }).click()
  await page.getByText('Customers in the segments At Risk, of which days since last order is below 60.').waitFor()
  assert.deepEqual(sent.findLast(({ call }) => call.endsWith('/offer')).body, { cost: 0.5, margin: 0.4, budget: 500 })
  assert.deepEqual(faults, [])
  await close()
})

test('withheld groups say why, a set that is still in use is named, and a refusal stands at its field', async () => {
  const refusal = problem(422, 'Cannot be done', 'offer: budget is -1, expected money, 0 or more')
  const { page, close } = await measured({ targets: WITHHELD, offer: () => refusal })
  await page.route(/\/v1\/segment-sets$/, async (route) => {
    const sets = await (await route.fetch()).json()
    return route.fulfill({ json: { ...sets, items: [...sets.items, { name: 'offer_win_back', in_use: true, shipped: false, definition: {}, toml: '' }] } })
  })
  await visit(page, 'campaigns/win-back')
  await page.getByText('Withheld: no group is surely worth more').waitFor()
  await page.getByText(WITHHELD.reason).waitFor()
  assert.equal(await page.getByRole('table', { name: 'Groups by reaction' }).count(), 0, 'what is withheld is no zero')
  await page.getByText('The segment set offer_win_back is still in use').waitFor()
  await page.getByLabel('Cost').fill('1')
  await page.getByLabel('Margin').fill('40')
  await page.getByRole('button', { name: 'Plan the offer' }).click()
  await page.getByText('Offer: budget is -1, expected money, 0 or more.').waitFor()
  assert.equal(await page.getByLabel('Budget').getAttribute('aria-invalid'), 'true')
  await close()
})

test('the smallest effect that can be detected follows the holdout, and stands beside the approval', async () => {
  const { page, faults, close } = await open(browser)
  const hours = { decision: 'publish', reason: 'Own hours are better.', by_hour: [{ hour: 18, recipients: 500 }], without_clicks: 380, outside: 20 }
  await stubCampaigns(page, { campaigns: { 'win-back': campaignOf(DEFINITION) }, run: runOf({ hours }) })
  await visit(page, 'campaigns/win-back/edit')
  await page.getByText('With 1,000 people and 10% held out, 128.7% more buyers can be seen. A smaller effect stays inconclusive.').waitFor()
  await page.getByLabel('Held out').fill('50')
  await page.getByText('With 1,000 people and 50% held out, 77.2% more buyers can be seen.').waitFor()
  await page.getByText('No holdout shows 10% more buyers. It takes more people.').waitFor()
  await page.getByLabel("From each person's best hour on").check()
  await page.getByText('Each person is written to from the own best hour on, where clicks have proved one.').waitFor()
  assert.deepEqual(await violations(page), [])
  await visit(page, 'campaigns/win-back/runs/win-back-r001')
  await page.getByText('With 1,000 people and 10% held out, 128.7% more buyers can be seen.').waitFor()
  assert.deepEqual(await rowsOf(page, 'People by their best hour'), [['18:00', '500']])
  assert.deepEqual(faults, [])
  await close()
})
