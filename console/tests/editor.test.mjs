// The template editor with a client in memory: by mouse, by keyboard alone, saved and opened again.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { launch, open, overflow, violations } from './browser.mjs'
import { serveEditor } from './editor/serve.mjs'
// Puck undoes together what follows within a quarter of a second.
const PAUSE_MS = 600

let browser
let editor

before(async () => {
  ;[browser, editor] = await Promise.all([launch(), serveEditor()])
})

after(async () => {
  await browser?.close()
  await editor?.close()
})

/** The editor on a new page, ready, with the faults that are no picture of the draft. */
async function opened(options = {}) {
  const { page, faults, close } = await open(browser, { width: 1440, height: 1100, ...options })
  await page.goto(editor.address)
  await page.locator('[data-puck-component="footer-1"]').waitFor()
  const own = () => faults.filter((one) => !one.includes(editor.address) && !one.includes('img.example.com'))
  return { page, own, close }
}

const list = (page, name) => page.getByRole('combobox', { name, exact: true })

/** The types of the blocks from top to bottom, as the list of chosen blocks names them. */
const blocks = async (page) => {
  const options = await list(page, 'Chosen').locator('option').allTextContents()
  return options.slice(1).map((one) => one.replace(/^[0-9]+\. /, ''))
}

const START = ['Header with logo', 'Heading', 'Text', 'Button', 'Footer']

/** Goes to a control by the Tab key alone. */
async function reach(page, control) {
  for (let turn = 0; turn < 150; turn += 1) {
    if (await control.evaluate((one) => one === document.activeElement)) return
    await page.keyboard.press('Tab')
  }
  assert.fail(`No Tab reaches ${control}`)
}

/** Chooses an option of a list by the arrow keys. */
async function choose(page, name, label) {
  const control = list(page, name)
  await reach(page, control)
  const [from, to] = await control.evaluate(
    (one, text) => [one.selectedIndex, [...one.options].findIndex((option) => option.text === text)],
    label,
  )
  assert.ok(to >= 0, `${name} has no ${label}`)
  for (let at = from; at !== to; at += Math.sign(to - from)) await page.keyboard.press(to > from ? 'ArrowDown' : 'ArrowUp')
}

async function press(page, name) {
  await reach(page, page.getByRole('button', { name, exact: true }))
  await page.keyboard.press('Enter')
}

async function add(page, block, into) {
  await choose(page, 'Block', block)
  if (into) await choose(page, 'into', into)
  await press(page, 'Add')
}

const until = async (page, expected) => {
  for (let turn = 0; turn < 40; turn += 1) {
    if (JSON.stringify(await blocks(page)) === JSON.stringify(expected)) return
    await page.waitForTimeout(100)
  }
  assert.deepEqual(await blocks(page), expected)
}

test('blocks are added, nested, moved, removed, undone and kept by keyboard alone', async () => {
  const { page, own, close } = await opened()
  await until(page, START)
  await add(page, 'Coupon')
  await until(page, [...START.slice(0, 4), 'Coupon', 'Footer'])
  await press(page, 'Move up')
  await until(page, [...START.slice(0, 3), 'Coupon', 'Button', 'Footer'])
  await add(page, 'Two columns')
  const withColumns = [...START.slice(0, 3), 'Coupon', 'Button', 'Two columns', 'Footer']
  await until(page, withColumns)
  await page.waitForTimeout(PAUSE_MS)
  await add(page, 'Picture', '6. Two columns, first column')
  const nested = [...withColumns, 'Two columns, first column: Picture']
  await until(page, nested)
  await page.waitForTimeout(PAUSE_MS)
  await page.keyboard.press('Control+z')
  await until(page, withColumns)
  await page.keyboard.press('Control+y')
  await until(page, nested)
  await choose(page, 'Chosen', '4. Coupon')
  await press(page, 'Remove')
  const left = nested.filter((one) => one !== 'Coupon')
  await until(page, left)
  await press(page, 'Save')
  await page.getByText('Saved.').waitFor()
  await page.reload()
  await page.locator('[data-puck-component="footer-1"]').waitFor()
  await until(page, left)
  assert.deepEqual(own(), [])
  await close()
})

const PICTURE = '[data-testid="drawer-item:image"]'
const placed = (id) => `[data-puck-component="${id}"]`

/** Drags from one point of the page to another, at a person's pace. */
async function drag(page, from, to) {
  await page.mouse.move(from.x, from.y)
  await page.mouse.down()
  await page.waitForTimeout(300)
  await page.mouse.move(from.x + 15, from.y + 10, { steps: 5 })
  await page.mouse.move(to.x, to.y, { steps: 25 })
  await page.waitForTimeout(PAUSE_MS)
  await page.mouse.up()
}

/** A point of an element: in the middle, or near its upper edge. */
async function pointOf(page, selector, { edge = false } = {}) {
  const element = page.locator(selector).first()
  await element.scrollIntoViewIfNeeded()
  const { x, y, width, height } = await element.boundingBox()
  return { x: x + width / 2, y: y + (edge ? 6 : height / 2) }
}

test('blocks are dragged onto the page, into a column and to another place', async () => {
  const { page, own, close } = await opened()
  await add(page, 'Two columns')
  await page.waitForTimeout(PAUSE_MS)
  await drag(page, await pointOf(page, PICTURE), await pointOf(page, '.template-slot'))
  const nested = ['Two columns', 'Footer', 'Two columns, first column: Picture']
  await until(page, ['Header with logo', 'Heading', 'Text', 'Button', ...nested])
  await page.waitForTimeout(PAUSE_MS)
  await drag(page, await pointOf(page, placed('button-1')), await pointOf(page, placed('heading-1'), { edge: true }))
  await until(page, ['Header with logo', 'Button', 'Heading', 'Text', ...nested])
  await page.waitForTimeout(PAUSE_MS)
  await drag(page, await pointOf(page, PICTURE), await pointOf(page, placed('text-1'), { edge: true }))
  await until(page, ['Header with logo', 'Button', 'Heading', 'Picture', 'Text', ...nested])
  assert.deepEqual(own(), [])
  await close()
})

test('the footer can be neither moved nor removed', async () => {
  const { page, close } = await opened()
  await list(page, 'Chosen').selectOption({ label: '5. Footer' })
  for (const name of ['Move up', 'Move down', 'Remove']) {
    assert.ok(await page.getByRole('button', { name, exact: true }).isDisabled(), name)
  }
  await page.locator('[data-puck-component="footer-1"]').click({ force: true })
  await page.keyboard.press('Delete')
  await page.waitForTimeout(300)
  assert.equal((await blocks(page)).at(-1), 'Footer')
  await close()
})

test('a layout block cannot be added to a column', async () => {
  const { page, close } = await opened()
  await add(page, 'Two columns')
  await list(page, 'Block').selectOption({ label: 'Three columns' })
  await list(page, 'into').selectOption({ label: '5. Two columns, first column' })
  assert.ok(await page.getByRole('button', { name: 'Add', exact: true }).isDisabled())
  await close()
})

test('the preview shows what is typed, narrow and in the dark', async () => {
  const { page, close } = await opened()
  const mail = page.frameLocator('iframe[title="Preview of the mail"]')
  await mail.getByText('Hello and welcome').waitFor()
  await list(page, 'Chosen').selectOption({ label: '2. Heading' })
  await page.getByRole('textbox', { name: 'Words', exact: true }).fill('Mugs & <b>more</b> {{ customer.segment }}')
  await mail.getByText('Mugs & <b>more</b> ‹customer.segment›').waitFor()
  const colour = () => mail.locator('.surface').first().evaluate((one) => getComputedStyle(one).backgroundColor)
  assert.equal(await colour(), 'rgb(255, 255, 255)')
  await page.getByLabel('Dark').check()
  await mail.locator('.surface').first().waitFor()
  await page.waitForTimeout(300)
  assert.equal(await colour(), 'rgb(21, 24, 28)')
  await list(page, 'Screen').selectOption('Phone')
  assert.equal(await page.locator('iframe').getAttribute('width'), '375')
  await close()
})

test('a finding of the saved draft leads to its block', async () => {
  const { page, close } = await opened()
  await add(page, 'Coupon')
  await choose(page, 'Chosen', '1. Header with logo')
  await press(page, 'Save')
  const findings = page.getByRole('region', { name: 'Findings' })
  await findings.getByText('Error in code: it is empty. Correct the field “Code”.').waitFor()
  await findings.getByRole('button', { name: /^Show coupon/ }).press('Enter')
  assert.equal(await list(page, 'Chosen').locator('option:checked').textContent(), '5. Coupon')
  assert.deepEqual(await violations(page), [])
  await close()
})

test('the editor is accessible', async () => {
  const { page, close } = await opened()
  await add(page, 'Two columns')
  await page.waitForTimeout(PAUSE_MS)
  assert.deepEqual(await violations(page), [])
  assert.ok((await overflow(page)) <= 0)
  await close()
})
