// A campaign is built, read before it is sent, approved, watched, stopped and measured.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { base, launch, open, overflow, rowsOf, violations, visit } from './browser.mjs'
import { WITHHELD } from './campaigns/reacting.mjs'
import { campaignOf, DEFINITION, FIGURES, RESULTS, runOf, stubCampaigns } from './campaigns/stub.mjs'

let browser

before(async () => {
  browser = await launch()
})

after(async () => {
  await browser?.close()
})

/** A page over a shop with these campaigns. */
async function shop(state, look) {
  const { page, faults, close } = await open(browser, look)
  const sent = await stubCampaigns(page, state)
  return { page, sent, faults, close }
}

const oneCampaign = (changes) => ({ campaigns: { 'win-back': campaignOf(DEFINITION, changes) } })

test('a campaign is built from nothing, with everybody accounted for before it is saved', async () => {
  const { page, sent, faults, close } = await shop({ campaigns: {} })
  await visit(page, 'campaigns')
  await page.getByText('There is no campaign yet').waitFor()
  await page.getByRole('link', { name: 'New campaign' }).click()
  await page.getByLabel('Name', { exact: true }).first().fill('Win back')
  await page.getByLabel('Segments', { exact: true }).click()
  await page.getByRole('option', { name: 'At Risk' }).click()
  await page.keyboard.press('Escape')
  await page.getByRole('table', { name: 'What becomes of the audience' }).waitFor()
  assert.deepEqual((await rowsOf(page, 'What becomes of the audience')).map(([what, people, share]) => [what, people, share]), [
    ['In the audience', '1,200', '100.0%'],
    ['Get a message', '900', '75.0%'],
    ['– variant a', '450', '37.5%'],
    ['– variant b', '450', '37.5%'],
    ['Held out', '100', '8.3%'],
    ['Omitted: no address that can be read', '20', '1.7%'],
    ['Omitted: no consent, or it has expired', '150', '12.5%'],
    ['Omitted: opted out', '30', '2.5%'],
  ])
  await page.getByText('No consent is known of 150 of 1,200 people').waitFor()
  const save = page.getByRole('button', { name: 'Save the campaign' })
  assert.ok(await save.isDisabled(), 'a variant has no template')
  await page.getByLabel('Template', { exact: true }).click()
  assert.equal(await page.getByRole('option').count(), 1, 'only what is published')
  await page.getByRole('option', { name: 'Spring sale' }).click()
  await page.getByRole('button', { name: 'Add a variant' }).click()
  await page.getByLabel('Template', { exact: true }).last().click()
  await page.getByRole('option', { name: 'Spring sale' }).click()
  assert.deepEqual(await violations(page), [])
  await save.click()
  await page.getByRole('heading', { level: 1, name: 'Win back' }).waitFor()
  const { call, body } = sent.findLast((one) => one.call.startsWith('PUT'))
  assert.equal(call, 'PUT /v1/campaigns/win-back')
  assert.equal(body.version, 0)
  assert.deepEqual(body.definition.audience, { ...DEFINITION.audience, segments: ['At Risk'] })
  assert.deepEqual(
    body.definition.variants.map(({ name, share, template }) => [name, share, template]),
    [['a', 0.5, { id: 'spring', version: 2 }], ['b', 0.5, { id: 'spring', version: 2 }]],
  )
  assert.ok(sent.every(({ call: one }) => !one.includes('runs')), 'saving starts no run')
  assert.deepEqual(faults, [])
  await close()
})

test('a ready campaign begins today, with its trigger', async () => {
  const { page, sent, close } = await shop({ campaigns: {} })
  await visit(page, 'campaigns')
  await page.getByRole('link', { name: 'Begin with it: Champions who turn at risk' }).click()
  await page.getByText('when they move from Champions to At Risk. Not again within 90 days.').waitFor()
  await page.getByLabel('Template', { exact: true }).click()
  await page.getByRole('option', { name: 'Spring sale' }).click()
  await page.getByRole('button', { name: 'Save the campaign' }).click()
  await page.getByRole('heading', { level: 1, name: 'Champions who turn at risk' }).waitFor()
  const { definition } = sent.findLast((one) => one.call.startsWith('PUT')).body
  assert.deepEqual(definition.trigger, { set: 'segment', into: ['At Risk'], out_of: ['Champions'] })
  assert.ok(definition.schedule.first_day > '2026-01-01', definition.schedule.first_day)
  await close()
})

test('shares that somebody chose stay when another group of variants changes', async () => {
  const variants = [
    { name: 'a', share: 0.7, template: null, segments: ['At Risk'] },
    { name: 'b', share: 0.3, template: null, segments: ['At Risk'] },
    { name: 'c', share: 1, template: null, segments: [] },
  ]
  const { page, close } = await shop({ campaigns: { 'win-back': campaignOf({ ...DEFINITION, variants }) } })
  await visit(page, 'campaigns/win-back/edit')
  await page.getByRole('button', { name: 'Add a variant' }).click()
  const shares = await page.getByLabel('Share', { exact: true }).evaluateAll((inputs) => inputs.map((input) => input.value))
  assert.deepEqual(shares, ['70', '30', '50', '50'])
  await close()
})

test('what was fixed by the first run cannot be changed', async () => {
  const { page, close } = await shop(oneCampaign({ last_run: 'win-back-r001', last_run_state: 'FINISHED' }))
  await visit(page, 'campaigns/win-back/edit')
  assert.ok(await page.getByLabel('Held out').isDisabled())
  await page.getByText('Both are fixed since the first run.').waitFor()
  await close()
})

test('a definition that fits nobody says why, and plans no run', async () => {
  const problem = "campaign 'win-back': audience, segment has 'At Rsk', expected one of 'At Risk'"
  const state = { ...oneCampaign({ problems: [problem] }), count: () => ({ audience: null, problems: [problem], refused_lines: 0, refusals: [] }) }
  const { page, close } = await shop(state)
  await visit(page, 'campaigns/win-back')
  await page.getByText('A run of it would send nothing now').waitFor()
  assert.ok(await page.getByRole('button', { name: 'Plan a run' }).isDisabled())
  await page.getByRole('link', { name: 'Edit' }).click()
  await page.getByText('Nobody would get it now').waitFor()
  assert.equal(await page.getByRole('table', { name: 'What becomes of the audience' }).count(), 0, 'no count is no zero')
  await close()
})

test('one audience is counted at a time, and the newest is shown', async () => {
  const answers = []
  const state = oneCampaign()
  const audience = (selected) => ({ customers: 9, selected, eligible: selected, held_out: 0, omitted: [], variants: { a: selected }, note: '' })
  state.count = ({ definition }) => new Promise((answer) => answers.push({ definition, answer }))
  const { page, close } = await shop(state)
  await page.goto(`${base}/#/campaigns/win-back/edit`)
  const held = page.getByLabel('Held out')
  await held.waitFor()
  await assertSoon(() => answers.length === 1)
  for (const share of ['20', '30']) {
    await held.fill(share)
    await page.waitForTimeout(900)
  }
  assert.equal(answers.length, 1, 'the first count is still under way')
  answers[0].answer({ audience: audience(1), problems: [], refused_lines: 0, refusals: [] })
  await assertSoon(() => answers.length === 2)
  assert.equal(answers[1].definition.holdout.share, 0.3)
  answers[1].answer({ audience: audience(2), problems: [], refused_lines: 0, refusals: [] })
  await page.getByRole('table', { name: 'What becomes of the audience' }).waitFor()
  assert.equal((await rowsOf(page, 'What becomes of the audience'))[0][1], '2')
  await close()
})

async function assertSoon(holds) {
  for (let turn = 0; turn < 100 && !holds(); turn += 1) await new Promise((resolve) => setTimeout(resolve, 50))
  assert.ok(holds())
}

test('a run is planned for another audience, read, approved, paused, resumed and cancelled', async () => {
  const { page, sent, faults, close } = await shop(oneCampaign())
  await visit(page, 'campaigns/win-back')
  await page.getByRole('button', { name: 'Plan a run' }).click()
  await page.getByRole('checkbox', { name: 'Another audience for this run' }).check()
  await page.getByLabel('Churn risk', { exact: true }).click()
  await page.getByRole('option', { name: 'High' }).click()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Plan', exact: true }).click()
  await page.getByRole('heading', { level: 1, name: 'Run win-back-r001' }).waitFor()
  assert.deepEqual(sent.find(({ call }) => call.endsWith('/runs')).body, { audience: { ...DEFINITION.audience, churn_bands: ['High'] } })

  await page.getByText('Nothing is sent before you approve this run').waitFor()
  await page.getByRole('button', { name: 'Approve…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Send to 900 people?' })
  for (const words of ['900 people get a message', '100 are held out', '200 of the audience are omitted', '150: No consent, or it has expired.', 'in your time zone']) {
    assert.match(await dialog.innerText(), new RegExp(words.replace('.', '\\.')))
  }
  assert.deepEqual(await violations(page), [])
  await dialog.getByRole('button', { name: 'Approve and send to 900' }).click()
  await page.getByText('Recipients dealt with', { exact: true }).waitFor()

  await page.getByRole('button', { name: 'Pause' }).click()
  await page.getByLabel('Your reason').fill('A wrong price')
  await page.getByRole('dialog').getByRole('button', { name: 'Pause', exact: true }).click()
  await page.getByText('A wrong price.').waitFor()
  await page.getByRole('button', { name: 'Resume' }).click()
  await page.getByRole('button', { name: 'Cancel the run' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel the run' }).click()
  await page.getByText('Cancelled', { exact: true }).first().waitFor()
  assert.deepEqual(
    sent.filter(({ call }) => call.includes('campaign-runs')).map(({ call, body }) => [call.split('/').at(-1), body]),
    [['approve', null], ['pause', { why: 'A wrong price' }], ['resume', null], ['cancel', { why: '' }]],
  )
  assert.deepEqual(faults.filter((one) => !one.includes('404')), [])
  await close()
})

test('a run whose time has not come, or that stands still, says why', async () => {
  const { page, close } = await shop({ ...oneCampaign(), run: runOf({ state: 'SENDING', stuck: '10 of 900 recipients wait: the daily quota is used up' }, { sent: 890, waiting: 10, deferred: 10, last_deferral: 'the daily quota is used up' }) })
  await visit(page, 'campaigns/win-back/runs/win-back-r001')
  await page.getByText('10 of 900 recipients wait: the daily quota is used up.').waitFor()
  await page.getByText('890 of 900').first().waitFor()
  await close()
})

test('what the messages cost is shown by part, once it is known', async () => {
  const parts = [{ part: 'mails', units: 900, usd: 0.09 }, { part: 'writes', units: 4500, usd: 0.0056 }]
  const cost = { usd: 0.0956, region: 'eu-central-1', priced_on: '2026-11-01', parts }
  const state = { ...oneCampaign(), run: runOf({ state: 'MEASURING', cost }) }
  const { page, close } = await shop(state)
  await visit(page, 'campaigns/win-back/runs/win-back-r001')
  assert.deepEqual(await rowsOf(page, 'Cost by part'), [['E-mails', '900', 'US$0.0900'], ['Writes to the table', '4,500', 'US$0.0056']])
  await page.getByText('US$0.0956 for its messages').waitFor()
  state.run = runOf({ state: 'MEASURING' })
  await page.reload()
  await page.getByText('Recipients by state').or(page.getByRole('table', { name: 'Recipients by state' })).first().waitFor()
  assert.equal(await page.getByRole('table', { name: 'Cost by part' }).count(), 0, 'no cost is no zero')
  await close()
})

test('an answer that takes longer than the pause between two questions is shown', async () => {
  const state = { ...oneCampaign(), run: runOf({ state: 'SENDING' }, { sent: 100, waiting: 800 }) }
  const { page, close } = await shop(state)
  let asked = 0
  await page.route('**/v1/campaign-runs/win-back-r001', async (route) => {
    asked += 1
    await new Promise((resolve) => setTimeout(resolve, asked === 1 ? 0 : 4000))
    await route.fulfill({ json: state.run }).catch(() => undefined) // a question that was taken back
  })
  await page.goto(`${base}/#/campaigns/win-back/runs/win-back-r001`)
  await page.getByText('100 of 900').first().waitFor()
  state.run = runOf({ state: 'SENDING' }, { sent: 200, waiting: 700 })
  await page.getByText('200 of 900').first().waitFor({ timeout: 15_000 })
  await close()
})

test('a run whose people another tool writes to shows no messages of its own', async () => {
  const definition = { ...DEFINITION, channel: { kind: 'audience', to: 'klaviyo' } }
  const { page, close } = await shop({ ...oneCampaign(), run: runOf({ state: 'MEASURING', definition, tally: null }) })
  await visit(page, 'campaigns/win-back/runs/win-back-r001')
  await page.getByText('Klaviyo has the people and sends its own messages.').waitFor()
  assert.equal(await page.getByRole('heading', { name: 'What came back' }).count(), 0)
  await close()
})

test('recipients in doubt are listed, and sent to again only by choice and with a warning', async () => {
  const doubts = ['ab', 'cd'].map((part) => ({ recipient: part.repeat(16), since: '2026-12-01T10:00:00Z' }))
  const { page, sent, close } = await shop({ ...oneCampaign(), doubts, run: runOf({ state: 'MEASURING' }, { sent: 898, doubts: 2 }) })
  await visit(page, 'campaigns/win-back/runs/win-back-r001')
  const again = page.getByRole('button', { name: /^Send again/ })
  assert.ok(await again.isDisabled(), 'nobody is chosen')
  await page.getByRole('checkbox', { name: 'Recipient abababab' }).check()
  await again.click()
  await page.getByText('Who has got the message already gets it twice.').waitFor()
  await page.getByRole('dialog').getByRole('button', { name: 'Send again to 1' }).click()
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  assert.deepEqual(sent.at(-1).body, { recipients: ['ab'.repeat(16)] })
  await close()
})

test('activating says that runs then send without an approval', async () => {
  const definition = { ...DEFINITION, schedule: { ...DEFINITION.schedule, kind: 'daily' }, again_after_days: 30 }
  const { page, sent, close } = await shop({ campaigns: { 'win-back': campaignOf(definition, { version: 4 }) } })
  await visit(page, 'campaigns/win-back')
  await page.getByRole('button', { name: 'Activate' }).click()
  await page.getByText('Its runs then send without a further approval').waitFor()
  await page.getByRole('dialog').getByRole('button', { name: 'Activate' }).click()
  await page.getByText('Active', { exact: true }).waitFor()
  assert.deepEqual(sent.at(-1).body, { version: 4 })
  await close()
})

test('a campaign is duplicated, and ended', async () => {
  const { page, sent, close } = await shop(oneCampaign())
  await visit(page, 'campaigns/win-back')
  await page.getByRole('button', { name: 'More' }).click()
  await page.getByRole('menuitem', { name: 'End the campaign' }).click()
  await page.getByRole('button', { name: 'End', exact: true }).click()
  await page.getByText('Ended', { exact: true }).waitFor()
  assert.equal(await page.getByRole('button', { name: 'Plan a run' }).count(), 0)
  await page.getByRole('button', { name: 'More' }).click()
  await page.getByRole('menuitem', { name: 'Duplicate' }).click()
  await page.getByRole('button', { name: 'Duplicate', exact: true }).click()
  await page.getByRole('heading', { level: 1, name: 'Edit Win back 2' }).waitFor()
  assert.deepEqual(sent.at(-1).body?.id ?? sent.at(-2).body.id, 'win-back-2')
  await close()
})

test('a test of a variant is sent, and a refusal is shown', async () => {
  const { page, sent, close } = await shop(oneCampaign())
  const answers = [{ message_id: '', problem: 'the address is suppressed' }, { message_id: '1', problem: '' }]
  await page.route('**/v1/templates/spring/test-sends', (route) => {
    sent.push({ call: 'test', body: route.request().postDataJSON() })
    return route.fulfill({ json: answers.shift() })
  })
  await visit(page, 'campaigns/win-back')
  await page.getByRole('button', { name: 'Send a test of b' }).click()
  const dialog = page.getByRole('dialog', { name: 'Test spring, version 2' })
  await dialog.getByLabel('To', { exact: true }).fill('me@customers.example')
  await dialog.getByRole('button', { name: 'Send a test' }).click()
  await dialog.getByText('The address is suppressed.').waitFor()
  await dialog.getByRole('button', { name: 'Send a test' }).click()
  await dialog.getByText('A test is on its way to me@customers.example.').waitFor()
  assert.deepEqual(sent.map(({ body }) => body), Array(2).fill({ version: 2, to: 'me@customers.example' }))
  await close()
})

const SIMULATED = 'The simulator of this machine made up these reactions and purchases.'

test('a result that chance explains is called inconclusive, and an absent figure is no zero', async () => {
  const run = { last_run: 'win-back-r001', last_run_state: 'MEASURING' }
  const { page, faults, close } = await shop({ ...oneCampaign(run), run: runOf({ state: 'MEASURING' }), results: RESULTS })
  await visit(page, 'campaigns/win-back')
  const cells = async (name) => (await rowsOf(page, name)).map(([group, verdict, treated, held, difference, revenue]) => ({ group, verdict, treated, held, difference, revenue }))
  const [all] = await cells('All together')
  assert.equal(all.verdict, 'Inconclusive')
  assert.equal(all.treated, '5.0% bought: 45 of 900')
  assert.match(all.difference, /\+2\.00 points\s+95 % interval: −1\.20 to \+4\.10/)
  assert.match(all.revenue, /^–\s+Revenue is compared from 100 held-out buyers on/)
  const bands = await cells('By churn risk')
  assert.deepEqual(bands.map(({ verdict }) => verdict), ['More bought', 'Inconclusive'])
  assert.deepEqual([bands[1].held, bands[1].difference], ['Nobody yet', '–'])
  assert.deepEqual((await cells('By variant')).map(({ verdict }) => verdict), ['Inconclusive', 'Withheld'])
  const [pair] = await rowsOf(page, 'Variants against each other')
  assert.deepEqual([pair[0], pair[1], pair[2]], ['b against a', 'More with b', '6.7%: 30 of 450'])
  assert.match(pair[4], /^\+3\.33 points\s+95 % interval: \+0\.40 to \+6\.20$/)
  assert.match(pair[6], /^Revenue is compared from 100 buyers of each variant on/)
  await page.getByText('40 people do not count yet, because').waitFor()
  assert.equal(await page.getByText(SIMULATED).count(), 0)
  const questions = ['Did it work?', 'For which people?', 'What next?']
  const headings = await page.getByRole('heading', { level: 2 }).allTextContents()
  assert.deepEqual(headings.filter((one) => questions.includes(one)), questions, 'in this order')
  await page.getByText('Inconclusive: +2.00 points (-1.20 to +4.10) of buyers, which chance alone can give.').waitFor()
  await page.getByText('The intervals hold at every look').waitFor()
  await page.getByText('95 % interval: −9 to +45', { exact: true }).waitFor()
  await page.getByText('Wait. The days of result of 40 people are not over.').waitFor()
  const promised = await rowsOf(page, 'What was promised')
  assert.deepEqual(promised.map(([, verdict]) => verdict), ['Inconclusive', 'Inconclusive', 'Fewer without an order'])
  assert.match(promised[2][0], /^No order in 30 days\s+Of the others: who did not order/)
  assert.match(promised[2].at(-1), /^−50\.0%\s+95 % interval: −70\.0% to −20\.0%/)
  assert.equal(promised[1].at(-1), '–', 'what is not known is no zero')
  assert.deepEqual(await violations(page), [])
  assert.deepEqual(faults, [])
  await close()
})

test('a campaign whose groups are not alike shows no figure, and the reason', async () => {
  const run = { last_run: 'win-back-r001', last_run_state: 'MEASURING' }
  const withheld = (one) => ({ ...one, verdict: 'withheld' })
  const results = {
    ...RESULTS, sizes: { ...RESULTS.sizes, is_mismatch: true }, slices: RESULTS.slices.map((one) => ({ ...one, conversion: withheld(one.conversion) })),
    promised: RESULTS.promised.map(withheld), variants: RESULTS.variants.map(withheld),
  }
  const targets = { ...WITHHELD, is_mismatch: true, reason: "The sizes of the groups do not fit the holdout's share, so they are not alike." }
  const { page, faults, close } = await shop({ ...oneCampaign(run), run: runOf({ state: 'MEASURING' }), results, targets })
  await visit(page, 'campaigns/win-back')
  const [all] = await rowsOf(page, 'All together')
  assert.equal(all[2], '– of 900')
  assert.match(all[4], /^–\s+Withheld: the groups are not alike/)
  await page.getByText('Nothing can be learnt').waitFor()
  assert.equal(await page.getByRole('button', { name: 'Plan the offer' }).count(), 0, 'no advice is given')
  assert.equal(await page.getByText('95 % interval').count(), 0)
  assert.deepEqual(faults, [])
  await close()
})

test('figures are by churn risk, variant and hour, and opens are marked unreliable', async () => {
  const state = { ...oneCampaign(), run: runOf({ state: 'MEASURING' }), figures: FIGURES }
  const { page, faults, close } = await shop(state, { width: 390 })
  await visit(page, 'campaigns/win-back/runs/win-back-r001')
  const [[, recipients, accepted, delivered, opened, clicked, bounced, , optedOut]] = await rowsOf(page, 'All recipients')
  assert.deepEqual([recipients, accepted, delivered, bounced, optedOut], ['900', '900 100.0%', '880 97.8%', '20 2.2%', '4 0.4%'])
  assert.equal(opened, '–', 'opens that nobody counts are no zero')
  assert.match(clicked, /^90 10\.0%\s+130 with scanners/)
  assert.deepEqual((await rowsOf(page, 'By churn risk')).map(([group]) => group), ['High', 'Unknown'])
  assert.deepEqual((await rowsOf(page, 'By variant')).map(([group]) => group), ['a', 'b'])
  await page.getByRole('img', { name: /so far, by the hour/ }).waitFor()
  await page.getByRole('button', { name: 'Opened, unreliable' }).first().click()
  await page.getByText('Nothing is triggered by an open.').waitFor()
  assert.deepEqual(await violations(page), [])
  assert.ok((await overflow(page)) <= 0)
  assert.deepEqual(faults, [])
  await close()
})

test('what the simulator made up is marked, beside the figures and beside the result', async () => {
  const run = { last_run: 'win-back-r001', last_run_state: 'MEASURING' }
  const state = { ...oneCampaign(run), run: runOf({ state: 'MEASURING' }), results: { ...RESULTS, simulated: true } }
  const { page, close } = await shop(state)
  await page.route('**/local/campaign-runs/win-back-r001/simulate', (route) => {
    state.figures = { ...FIGURES, simulated: true }
    return route.fulfill({ json: { messages: 900, reactions: { click: 90 }, orders: 48, as_of: '2026-12-31' } })
  })
  await visit(page, 'campaigns/win-back')
  await page.getByText(SIMULATED).waitFor()
  await visit(page, 'campaigns/win-back/runs/win-back-r001')
  await page.getByRole('button', { name: 'Simulate reactions' }).click()
  await page.getByText('Simulated for 900 messages: click 90, and 48 orders until 31 Dec 2026.').waitFor()
  await page.getByText(SIMULATED).waitFor()
  await close()
})

test("Gmail's spam rate is entered in percent, and until then it is no zero", async () => {
  const { page, sent, close } = await shop(oneCampaign())
  await visit(page, 'campaigns')
  await page.getByText('None was entered yet, so complaints of Gmail users stop no run.').waitFor()
  await page.getByLabel('Spam rate').fill('0.08')
  await page.getByRole('button', { name: 'Save the spam rate' }).click()
  await page.getByText('It was 0.08%').waitFor()
  assert.ok(Math.abs(sent.at(-1).body.share - 0.0008) < 1e-9)
  await close()
})
