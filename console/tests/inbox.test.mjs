// The inbox of this machine: mails are listed and shown, and nothing in a mail runs or leaves.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { inStage, launch, open, overflow, rowsOf, violations, visit } from './browser.mjs'

const MAIL = {
  id: '0100-1',
  to: 'ann@customers.example',
  from: 'Example Shop <news@mail.shop.example>',
  subject: 'Ten percent off',
  sent_at: '2026-12-01T10:00:00+00:00',
}
const WHOLE = {
  ...MAIL,
  headers: [{ name: 'List-Unsubscribe', value: `<https://127.0.0.1/u/${'a'.repeat(300)}>` }],
  html: '<p>Ten percent off, Ann</p><img src="https://tracker.example/pixel.gif"><script>parent.document.title = "stolen"</script>',
  text: 'Ten percent off, Ann, as text',
}

let browser

before(async () => {
  browser = await launch()
})

after(async () => {
  await browser?.close()
})

async function inbox(messages, look) {
  const { page, faults, close } = await open(browser, look)
  await inStage(page, { campaigns: true })
  await page.route('**/local/inbox?*', (route) => route.fulfill({ json: { messages, count: messages.length } }))
  await page.route('**/local/inbox/*', (route) => route.fulfill({ json: WHOLE }))
  return { page, faults, close }
}

test('a message is listed and read, with its text, headers and file', async () => {
  const { page, faults, close } = await inbox([MAIL], { width: 390 })
  await visit(page, 'inbox')
  assert.deepEqual((await rowsOf(page, 'Messages in the local inbox')).map(([subject, to]) => [subject, to]), [[MAIL.subject, MAIL.to]])
  await page.getByRole('link', { name: MAIL.subject }).click()
  const mail = page.frameLocator('iframe[title="The mail as a mail program shows it"]')
  await mail.getByText('Ten percent off, Ann').waitFor()
  await page.getByRole('button', { name: 'Text part' }).press('Enter')
  await page.getByText('Ten percent off, Ann, as text').waitFor()
  await page.getByRole('button', { name: 'Headers' }).press('Enter')
  await page.getByRole('cell', { name: 'List-Unsubscribe' }).or(page.getByRole('rowheader', { name: 'List-Unsubscribe' })).waitFor()
  assert.equal(await page.getByRole('link', { name: 'Download .eml' }).getAttribute('href'), '/local/inbox/0100-1.eml')
  assert.deepEqual(await violations(page), [])
  assert.ok((await overflow(page)) <= 0)
  assert.notEqual(await page.title(), 'stolen')
  await visit(page, 'inbox')
  assert.deepEqual(await violations(page), [])
  assert.deepEqual(faults.filter((one) => one.startsWith('request:') || one.startsWith('error:')), [])
  await close()
})

test('an empty inbox says how to fill it', async () => {
  const { page, close } = await inbox([])
  await visit(page, 'inbox')
  await page.getByText('Approve a run, or send a test of a template.').waitFor()
  await close()
})
