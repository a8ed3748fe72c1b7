// Builds the page beside this file and serves it under the policy of the console that is tested.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { extname, join, normalize } from 'node:path'
import { build } from 'vite'
import { base } from '../browser.mjs'

const HERE = new URL('.', import.meta.url).pathname
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.wasm': 'application/wasm' }

export async function serveEditor() {
  const folder = await mkdtemp(join(tmpdir(), 'editor-'))
  await build({ root: HERE, configFile: join(HERE, '../../vite.config.ts'), logLevel: 'error', build: { outDir: folder, emptyOutDir: true } })
  const policy = (await fetch(base)).headers.get('content-security-policy')
  const server = createServer((request, response) => answer(folder, policy, request, response))
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready))
  const close = async () => {
    server.closeAllConnections()
    server.close()
    await rm(folder, { recursive: true })
  }
  return { address: `http://127.0.0.1:${server.address().port}`, close }
}

async function answer(folder, policy, request, response) {
  const path = normalize(request.url === '/' ? '/index.html' : request.url)
  const body = await readFile(join(folder, path)).catch(() => null)
  const type = TYPES[extname(path)] ?? 'application/octet-stream'
  response.writeHead(body ? 200 : 404, { 'Content-Type': type, 'Content-Security-Policy': policy })
  response.end(body)
}
