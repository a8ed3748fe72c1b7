// Signing in on the user pool's page: by code, with the token in memory alone.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { base, launch, open } from './browser.mjs'

let browser

before(async () => {
  browser = await launch()
})

after(async () => {
  await browser?.close()
})

const encoded = (part) => Buffer.from(JSON.stringify(part)).toString('base64url')

/** Stands for the pool: its page comes back at once, and its tokens need no signature here. */
async function standForPool(page, accessToken) {
  const pool = { mode: 'cognito', domain: `${base}/pool`, issuer: `${base}/issuer`, client_id: 'client' }
  const asked = { codes: [] }
  await page.route('**/config.json', (route) => route.fulfill({ json: pool }))
  await page.route('**/pool/oauth2/authorize*', (route) => {
    const query = new URL(route.request().url()).searchParams
    Object.assign(asked, Object.fromEntries(query))
    const back = `${query.get('redirect_uri')}?code=once&state=${query.get('state')}`
    return route.fulfill({ status: 302, headers: { location: back } })
  })
  await page.route('**/pool/oauth2/token', (route) => {
    const form = new URLSearchParams(route.request().postData())
    asked.codes.push(form.get('code'), form.get('code_verifier'))
    const claims = { iss: pool.issuer, aud: 'client', sub: 'user-1', email: 'somebody@shop.example', exp: 4e9, iat: 1 }
    const id_token = `${encoded({ alg: 'none' })}.${encoded(claims)}.`
    return route.fulfill({ json: { access_token: accessToken, id_token, token_type: 'Bearer', expires_in: 3600 } })
  })
  return asked
}

test('the page comes back where it was, and no storage has the token', async () => {
  const { token } = await (await fetch(`${base}/config.json`)).json()
  const { page, close } = await open(browser)
  const asked = await standForPool(page, token)
  await page.goto(`${base}/#/segments?run=`)
  await page.getByRole('heading', { level: 1, name: 'Segments' }).waitFor()
  assert.equal(asked.response_type, 'code')
  assert.equal(asked.code_challenge_method, 'S256')
  assert.equal(asked.codes[0], 'once')
  assert.ok(asked.codes[1].length >= 43, 'the verifier is sent with the code')
  assert.equal(new URL(page.url()).search, '', 'the address keeps no code')
  const stored = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))
  assert.ok(!stored.includes(token))
  assert.ok(!stored.includes('user-1'))
  await page.getByRole('button', { name: 'somebody@shop.example' }).waitFor()
  assert.equal(await page.getByRole('link', { name: 'Local inbox' }).count(), 0, 'the inbox is on a laptop alone')
  await close()
})

test('a configuration that names no way to sign in says so', async () => {
  const { page, close } = await open(browser)
  await page.route('**/config.json', (route) => route.fulfill({ json: { mode: 'magic' } }))
  await page.goto(base)
  await page.getByText('config.json names no way to sign in').waitFor()
  await close()
})
