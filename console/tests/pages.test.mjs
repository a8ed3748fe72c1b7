// Every page, wide and narrow, light and dark: it shows, it can be used, and it asks nobody else.
import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { base, launch, open, overflow, violations, visit } from './browser.mjs'
import { everyPath } from './paths.mjs'

const WIDTHS = [1280, 390]
const shots = process.env.TESSERA_SCREENSHOTS

let browser, paths

before(async () => {
  browser = await launch()
  const first = await open(browser)
  paths = await everyPath(first.page)
  // The first count starts its function's process: on a busy machine that can be a 503.
  await visit(first.page, 'campaigns/new')
  await first.close()
})

after(async () => {
  await browser?.close()
})

for (const width of WIDTHS) {
  test(`every page at ${width} pixels, light and dark`, async () => {
    let scheme = width < 400 ? 'dark' : 'light' // as the system asks, until it is switched
    const { page, faults, close } = await open(browser, { width, scheme })
    for (const path of paths) {
      await visit(page, path)
      assert.equal(await page.locator('body.awsui-dark-mode').count(), scheme === 'dark' ? 1 : 0)
      for (const turn of ['as it came', 'switched']) {
        if (turn === 'switched') scheme = await switched(page, scheme)
        assert.deepEqual(await violations(page), [], `${path}, ${scheme}: what axe calls serious or critical`)
        if (shots) await shoot(page, `${path.replaceAll('/', '-')}-${width}-${scheme}`)
      }
      await isNoWiderThan(page, width, path)
      if (width < 400) await isNoWiderThan(page, 360, path)
      assert.deepEqual(faults, [], `${path}: errors, or requests to another origin`)
    }
    await close()
  })
}

/** Switches to the other colours. Returns their name. */
async function switched(page, scheme) {
  const other = scheme === 'light' ? 'dark' : 'light'
  await page.getByRole('button', { name: `Switch to ${other} colours` }).click()
  await page.locator(`body${other === 'dark' ? '.awsui-dark-mode' : ':not(.awsui-dark-mode)'}`).waitFor()
  return other
}

/** Only parts of a page scroll sideways, such as a wide table. */
async function isNoWiderThan(page, width, path) {
  const { height } = page.viewportSize()
  await page.setViewportSize({ width, height })
  // The page lays itself out again after the window has changed.
  for (let turn = 0; turn < 20 && (await overflow(page)) > 0; turn += 1) await page.waitForTimeout(100)
  assert.ok((await overflow(page)) <= 0, `${path} scrolls sideways at ${width} pixels`)
}

/** The whole page as a picture: it scrolls within the window, so the window grows first. */
async function shoot(page, name) {
  mkdirSync(shots, { recursive: true })
  const { width, height } = page.viewportSize()
  const whole = await page.evaluate(() => document.documentElement.scrollHeight)
  await page.setViewportSize({ width, height: Math.min(4000, Math.max(height, whole)) })
  await page.waitForTimeout(200)
  await page.screenshot({ path: `${shots}/${decodeURIComponent(name)}.png` })
  await page.setViewportSize({ width, height })
}
