// The whole way by keyboard: from the first page to a segment's members, and to another run.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { launch, open, tabTo, visit } from './browser.mjs'
import { stubCampaigns } from './campaigns/stub.mjs'

let browser

before(async () => {
  browser = await launch()
})

after(async () => {
  await browser?.close()
})

test('a segment is reached, and its run is chosen, without a pointer', async () => {
  const { page, close } = await open(browser)
  await visit(page, 'overview')
  await tabTo(page, 'Segments')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Segments' }).waitFor()
  await tabTo(page, 'Champions')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Champions' }).waitFor()
  await page.getByRole('heading', { level: 2, name: 'Members' }).waitFor()
  await close()
})

test('the choice of the run opens, moves and closes by keys', async () => {
  const { page, close } = await open(browser)
  await visit(page, 'overview')
  await tabTo(page, 'Latest run')
  await page.keyboard.press('Enter')
  await page.getByRole('listbox').waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.waitForFunction(() => location.hash.includes('run='))
  await close()
})

test('light and dark are switched by a key, and remembered', async () => {
  const { page, close } = await open(browser)
  await visit(page, 'overview')
  await tabTo(page, 'Switch to dark colours')
  await page.keyboard.press('Enter')
  await page.locator('body.awsui-dark-mode').waitFor()
  await page.reload()
  await page.locator('body.awsui-dark-mode').waitFor()
  assert.ok(await page.getByRole('button', { name: 'Switch to light colours' }).isVisible())
  await close()
})

test('a campaign is built, read and saved without a pointer', async () => {
  const { page, close } = await open(browser)
  const sent = await stubCampaigns(page, { campaigns: {} })
  await visit(page, 'campaigns')
  await tabTo(page, 'New campaign')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'New campaign' }).waitFor()
  await tabTo(page, 'Name')
  await page.keyboard.type('By keys')
  await tabTo(page, 'Churn risk')
  await page.keyboard.press('Enter')
  await page.getByRole('listbox').waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Escape')
  await page.getByRole('table', { name: 'What becomes of the audience' }).waitFor()
  await tabTo(page, 'Template')
  await page.keyboard.press('Enter')
  await page.getByRole('listbox').waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await tabTo(page, 'Save the campaign')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'By keys' }).waitFor()
  const { definition } = sent.findLast(({ call }) => call.startsWith('PUT')).body
  assert.equal(definition.audience.churn_bands.length, 1)
  assert.deepEqual(definition.variants[0].template, { id: 'spring', version: 2 })
  await close()
})
