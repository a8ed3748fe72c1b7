// A browser for the tests, and pages that note what must not happen.
import { existsSync, readFileSync } from 'node:fs'
import { chromium } from 'playwright-core'

const PLACES = [
  '/usr/bin/chromium-headless-shell', // draws nothing to a screen: the quickest
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]
const underWay = new WeakMap()
const AXE = readFileSync(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8')

/** The console that is tested: `run.mjs` starts it. */
export const base = process.env.TESSERA_CONSOLE

/** The browser's path: `TESSERA_BROWSER`, or the first one that is installed. */
export function browserPath() {
  const chosen = process.env.TESSERA_BROWSER
  const path = chosen ?? PLACES.find((place) => existsSync(place))
  if (path && existsSync(path)) return path
  throw new Error(
    `${chosen ? `TESSERA_BROWSER names ${chosen}, which is not there` : 'No Chromium or Chrome is installed'}. ` +
      'Install one (Debian: apt-get install chromium, macOS: brew install --cask chromium), ' +
      'or set TESSERA_BROWSER to the path of one.',
  )
}

export async function launch() {
  // A container has no user namespaces for the sandbox, and the pages are our own.
  return chromium.launch({ executablePath: browserPath(), args: ['--no-sandbox'] })
}

/** Asks the API as the console of this machine does. */
export async function ask(path) {
  const { token } = await (await fetch(`${base}/config.json`)).json()
  return (await fetch(base + path, { headers: { authorization: `Bearer ${token}` } })).json()
}

/** What the API answers where it refuses, to fulfil a request with. */
export const problem = (status, title, detail) => ({
  status,
  contentType: 'application/problem+json',
  body: JSON.stringify({ type: 'about:blank', title, status, detail, errors: [] }),
})

/** Opens the console at a width and in a colour scheme. */
export async function open(browser, { width = 1280, height = 900, scheme = 'light' } = {}) {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: scheme,
    reducedMotion: 'reduce',
    locale: 'en-GB',
  })
  const page = await context.newPage()
  const faults = []
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(`console: ${message.text()}`)
  })
  page.on('request', (request) => {
    const url = new URL(request.url())
    if (!['data:', 'blob:'].includes(url.protocol) && url.origin !== base) faults.push(`request: ${url}`)
  })
  page.on('requestfailed', (request) => {
    const place = faults.indexOf(`request: ${new URL(request.url())}`)
    if (place >= 0 && request.failure()?.errorText === 'csp') faults.splice(place, 1) // never sent
  })
  const requests = new Set()
  underWay.set(page, requests)
  page.on('request', (request) => requests.add(request))
  page.on('requestfinished', (request) => requests.delete(request))
  page.on('requestfailed', (request) => requests.delete(request))
  return { page, faults, close: () => context.close() }
}

/** Opens the console of a stage that has campaigns, or has none. */
export async function inStage(page, { campaigns }) {
  await page.route('**/config.json', async (route) => {
    const config = await (await route.fetch()).json()
    await route.fulfill({ json: { ...config, campaigns } })
  })
}

/** Goes to a page of the console, and waits until it has read what it shows. */
export async function visit(page, path) {
  await page.goto(`${base}/#/${path}`)
  await page.locator('h1').first().waitFor()
  await quiet(page)
}

/** Waits until no request has been under way for a moment. */
async function quiet(page) {
  const requests = underWay.get(page)
  for (let calm = 0; calm < 3; calm = requests.size === 0 ? calm + 1 : 0) await page.waitForTimeout(50)
}

/** What axe calls serious or critical, a line each. */
export async function violations(page) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(`${AXE};0`)
  return page.evaluate(async () => {
    const { violations } = await window.axe.run(document, { resultTypes: ['violations'] })
    return violations
      .filter((one) => ['serious', 'critical'].includes(one.impact))
      .map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 120)).join(' | ')}`)
  })
}

/** Presses Tab until the element with this name has the focus. */
export async function tabTo(page, name) {
  for (let pressed = 0; pressed < 120; pressed += 1) {
    await page.keyboard.press('Tab')
    const focused = await page.evaluate(() => {
      const element = document.activeElement
      const labels = element?.getAttribute('aria-labelledby')?.split(' ').map((id) => document.getElementById(id)?.textContent)
      const texts = [element?.getAttribute('aria-label'), labels?.join(' '), element?.labels?.[0]?.textContent, element?.textContent]
      return texts.find((text) => text?.trim())?.trim() ?? ''
    })
    if (focused === name || focused.startsWith(`${name} `) || focused.endsWith(` ${name}`)) return
  }
  throw new Error(`Tab does not reach ${name}.`)
}

/** The cells of a table's rows as texts. */
export async function rowsOf(page, name) {
  const rows = page.getByRole('table', { name }).locator('tbody tr')
  await rows.first().waitFor()
  return Promise.all((await rows.all()).map((row) => row.locator('th, td').allInnerTexts()))
}

/** The whole number in a text. */
export const whole = (text) => Number(text.replace('−', '-').replaceAll(/[^\d-]/g, ''))

/** By how many pixels the page is wider than the window. */
export const overflow = (page) => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
