// A mail with every block, as tests/campaigns/templates commit it: readable in the light, in the
// dark and on a phone, and loading nothing but its pictures.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { launch, open, overflow, violations } from './browser.mjs'

const MAIL = readFileSync(new URL('../../tests/data/templates/every_block.html', import.meta.url), 'utf8')
const PICTURES = 'https://img.example.com/'

let browser

before(async () => {
  browser = await launch()
})

after(async () => {
  await browser?.close()
})

for (const [name, options] of Object.entries({
  'in the light': { scheme: 'light', width: 700 },
  'in the dark': { scheme: 'dark', width: 700 },
  'on a phone': { scheme: 'light', width: 375 },
  'on a phone in the dark': { scheme: 'dark', width: 375 },
})) {
  test(`the mail is accessible ${name}`, async () => {
    const { page, close } = await open(browser, options)
    const foreign = []
    await page.route('**', (route) => {
      const { href } = new URL(route.request().url())
      if (!href.startsWith(PICTURES)) foreign.push(href)
      return route.abort()
    })
    await page.setContent(MAIL)
    assert.deepEqual(await violations(page), [])
    assert.ok((await overflow(page)) <= 0)
    assert.deepEqual(foreign, [])
    await close()
  })
}

test('the dark changes the colours of the page and of its words', async () => {
  const colours = async (scheme) => {
    const { page, close } = await open(browser, { scheme })
    await page.route('**', (route) => route.abort())
    await page.setContent(MAIL)
    const made = await page.evaluate(() => [
      getComputedStyle(document.querySelector('.surface')).backgroundColor,
      getComputedStyle(document.querySelector('.ink p')).color,
    ])
    await close()
    return made
  }
  assert.deepEqual(await colours('light'), ['rgb(255, 255, 255)', 'rgb(27, 31, 36)'])
  assert.deepEqual(await colours('dark'), ['rgb(21, 24, 28)', 'rgb(232, 234, 237)'])
})
