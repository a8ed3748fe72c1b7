// Every page, wide and narrow, light and dark: it shows, it can be used, and it asks nobody else.
import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { base, launch, open, overflow, violations, visit } from './browser.mjs'
import { everyPath } from './paths.mjs'

const LOOKS = [
  { width: 1280, scheme: 'light' },
  { width: 1280, scheme: 'dark' },
  { width: 390, scheme: 'light' },
  { width: 390, scheme: 'dark' },
]
const shots = process.env.TESSERA_SCREENSHOTS

let browser, paths

before(async () => {
  browser = await launch()
  const first = await open(browser)
  paths = await everyPath(first.page)
  await first.close()
})

after(async () => {
  await browser?.close()
})

for (const look of LOOKS) {
  test(`every page at ${look.width} pixels, ${look.scheme}`, async () => {
    const { page, faults, close } = await open(browser, look)
    for (const path of paths) {
      await visit(page, path)
      assert.deepEqual(await violations(page), [], `${path}: what axe calls serious or critical`)
      await isNoWiderThan(page, look.width, path)
      if (look.width < 400) await isNoWiderThan(page, 360, path)
      assert.deepEqual(faults, [], `${path}: errors, or requests to another origin`)
      if (shots) await shoot(page, `${path.replaceAll('/', '-')}-${look.width}-${look.scheme}`)
    }
    await close()
  })
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
