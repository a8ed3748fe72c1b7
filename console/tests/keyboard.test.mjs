// The whole way by keyboard: from the first page to a segment's members, and to another run.
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

/** Presses Tab until the element with this text or label has the focus. */
async function tabTo(page, name) {
  for (let pressed = 0; pressed < 80; pressed += 1) {
    await page.keyboard.press('Tab')
    const focused = await page.evaluate(() => {
      const element = document.activeElement
      return element?.getAttribute('aria-label') ?? element?.textContent?.trim() ?? ''
    })
    if (focused === name || focused.startsWith(`${name} `) || focused.endsWith(` ${name}`)) return
  }
  throw new Error(`Tab does not reach ${name}.`)
}

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
