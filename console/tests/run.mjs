// Runs every test in a real browser against the console on this machine: `make test-console`.
import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { browserPath } from './browser.mjs'

const HERE = new URL('.', import.meta.url).pathname
const ROOT = new URL('../..', import.meta.url).pathname
const PORT = process.env.TESSERA_CONSOLE_PORT ?? '8796'
const AWS_PORT = process.env.TESSERA_AWS_PORT ?? '8797'
const START_SECONDS = 300

/** The address of a console that answers already, or of one that is started here. */
async function started() {
  if (process.env.TESSERA_CONSOLE) return { base: process.env.TESSERA_CONSOLE, truth: process.env.TESSERA_TRUTH ?? '', stop: () => undefined }
  const [made] = process.argv.slice(2)
  const state = mkdtempSync(`${made}-`) // the console saves what the tests change
  cpSync(made, state, { recursive: true })
  const options = ['--state', state, '--port', PORT, '--aws-port', AWS_PORT]
  const server = spawn('.venv/bin/python', ['-m', 'local', 'console', ...options], { cwd: ROOT, stdio: 'inherit' })
  const base = `http://127.0.0.1:${PORT}`
  await answers(`${base}/config.json`, server)
  const stop = async () => {
    await new Promise((ended) => server.once('exit', ended) && server.kill('SIGINT'))
    rmSync(state, { recursive: true })
  }
  return { base, truth: resolve(made, 'truth.json'), stop }
}

async function answers(address, server) {
  const until = Date.now() + START_SECONDS * 1000
  while (Date.now() < until) {
    if (server.exitCode !== null) throw new Error('The console ended before it answered.')
    const response = await fetch(address).catch(() => null)
    if (response?.ok) return
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  server.kill('SIGINT')
  throw new Error(`The console did not answer within ${START_SECONDS} seconds.`)
}

browserPath() // says how to get a browser before anything is started
const console_ = await started()
const files = readdirSync(HERE).filter((name) => name.endsWith('.test.mjs'))
const tests = spawn(process.execPath, ['--test', '--test-concurrency=2', '--test-timeout=300000', '--test-force-exit', ...files], {
  cwd: HERE,
  env: { ...process.env, TESSERA_CONSOLE: console_.base, TESSERA_TRUTH: console_.truth },
  stdio: 'inherit',
})
const status = await new Promise((ended) => tests.once('exit', ended))
await console_.stop()
process.exit(status ?? 1)
