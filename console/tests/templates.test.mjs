// A template from an empty list to a published version, and a campaign to its first figures, through the
// real system of this machine.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { ask, launch, open, overflow, problem, violations, visit } from './browser.mjs'
import { firstCampaign } from './campaigns/first.mjs'

let browser

before(async () => {
  browser = await launch()
})

after(async () => {
  await browser?.close()
})

test('a template is made from nothing, refused with its errors, published, previewed and copied', async () => {
  const { page, faults, close } = await open(browser, { width: 1440, height: 1100 })
  await visit(page, 'templates')
  await page.getByText('There is no template yet').waitFor()
  assert.deepEqual(await violations(page), [])

  await page.getByRole('button', { name: 'New template' }).click()
  await page.getByLabel('Name', { exact: true }).fill('Spring sale')
  await page.getByRole('button', { name: 'Create', exact: true }).click()
  await page.locator('[data-puck-component="footer-1"]').waitFor()
  assert.match(page.url(), /#\/templates\/spring-sale$/)

  // The brand kit has no postal address yet.
  await page.getByRole('button', { name: 'Publish', exact: true }).click()
  await page.getByText(/postal address/).first().waitFor()
  assert.equal((await ask('/v1/templates/spring-sale')).published, null)
  const refused = faults.splice(0)
  assert.ok(refused.every((one) => one.includes('422')), refused.join('; '))

  await visit(page, 'templates')
  await page.getByLabel('Name of the shop').fill('Example Shop')
  await page.getByLabel('Postal address').fill('1 Example Street')
  await page.getByRole('button', { name: 'Save the brand kit' }).click()
  await page.getByText(/Version 1, saved on/).waitFor()

  await page.getByRole('link', { name: 'Spring sale' }).click()
  await page.locator('[data-puck-component="footer-1"]').waitFor()
  await page.getByRole('combobox', { name: 'Block', exact: true }).selectOption({ label: 'Line' })
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await page.getByText('There are changes to save.').waitFor()
  // Back comes first: the browser hears a little later that the page has put its own address back.
  // Both happen in the page. A busy browser may lose either, so it is done again until the page asks.
  const asked = []
  page.on('dialog', (dialog) => {
    asked.push(dialog.message())
    return dialog.dismiss()
  })
  const cohorts = page.getByRole('link', { name: 'Cohorts' })
  for (const leave of [() => page.evaluate(() => history.back()), () => cohorts.dispatchEvent('click')]) {
    const putBack = page.evaluate(() => new Promise((heard) => addEventListener('hashchange', () => heard(true), { once: true })))
    asked.length = 0
    for (let tries = 0; asked.length === 0 && tries < 5; tries++) {
      await leave()
      for (let waits = 0; asked.length === 0 && waits < 50; waits++) await page.waitForTimeout(100)
    }
    assert.match(asked[0] ?? '', /changes that are not saved/)
    await page.getByText('There are changes to save.').waitFor()
    await page.waitForURL(/#\/templates\/spring-sale$/)
    await putBack // the page has heard of the address that it put back
  }
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText('as it was saved last: version 2').waitFor()
  await page.getByRole('button', { name: 'Publish', exact: true }).click()
  await page.getByText(/^Version 1, /).first().waitFor()
  const made = await ask('/v1/templates/spring-sale')
  assert.equal(made.published.number, 1)
  assert.ok(made.template.blocks.some(({ type }) => type === 'line'))

  const { items } = await ask('/v1/customers?limit=1')
  await page.getByLabel('Customer').fill(items[0].customer_key)
  await page.getByRole('button', { name: 'Show', exact: true }).click()
  const mail = page.frameLocator('iframe[title="The mail as this customer gets it"]')
  await mail.getByText('1 Example Street').waitFor()
  assert.deepEqual(await violations(page), [])
  await page.getByRole('button', { name: 'Switch to dark colours' }).click()
  assert.deepEqual(await violations(page), [])

  await visit(page, 'templates')
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Export Spring sale' }).click()])
  const file = JSON.parse(await readFile(await download.path(), 'utf8'))
  assert.equal(file.format, 'tessera-template')
  await page.getByLabel('File of a template').setInputFiles({
    name: 'brought.json',
    mimeType: 'application/json',
    buffer: Buffer.from(JSON.stringify({ ...file, name: 'Brought' })),
  })
  await page.locator('[data-puck-component="footer-1"]').waitFor()
  await visit(page, 'templates')
  await page.getByRole('button', { name: 'Duplicate Spring sale' }).click()
  await page.getByRole('button', { name: 'Duplicate', exact: true }).last().click()
  await page.locator('[data-puck-component="footer-1"]').waitFor()
  await visit(page, 'templates')
  const names = (await ask('/v1/templates')).items.map(({ name }) => name)
  assert.deepEqual(names, ['Brought', 'Spring sale', 'Spring sale 2'])
  await page.getByRole('button', { name: 'New template' }).click()
  await page.getByLabel('Name', { exact: true }).fill('春のセール')
  await page.getByRole('button', { name: 'Create', exact: true }).click()
  await page.locator('[data-puck-component="footer-1"]').waitFor()
  assert.match(page.url(), /#\/templates\/template-\d+$/)
  assert.ok((await overflow(page)) <= 0)
  assert.deepEqual(faults, [])
  await close()
})

test('a refusal is shown, and a viewer is shown no templates', async () => {
  const { page, close } = await open(browser)
  await page.route('**/v1/templates', (route) => route.fulfill(problem(503, 'Busy', 'A service behind the API is away.')))
  await visit(page, 'templates')
  await page.getByText('A service behind the API is away.').waitFor()
  const me = { tenant: 'acme', role: 'viewer', subject: 'user:1', scopes: ['insights:read'] }
  await page.route('**/v1/me', (route) => route.fulfill({ json: me }))
  await visit(page, 'overview')
  await page.reload()
  await page.getByRole('link', { name: 'Cohorts' }).waitFor()
  assert.equal(await page.getByRole('link', { name: 'Templates' }).count(), 0)
  await close()
})

test('a campaign is built, sent and measured on the example', { timeout: 600_000 }, async (context) => {
  const { page, faults, close } = await open(browser, { width: 1280, height: 1000 })
  const counted = await firstCampaign(page)
  context.diagnostic(counted.map(([what, people]) => `${what} ${people}`).join(', '))
  // Figures are not there at first, which the browser notes. The consents go straight to the bucket.
  assert.deepEqual(faults.filter((one) => !one.includes('404') && !one.includes('X-Amz-Signature=')), [])
  await close()
})
