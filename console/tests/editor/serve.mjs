// Builds the page beside this file and serves it under the console's policy, with WebAssembly.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { extname, join, normalize } from 'node:path'
import { build } from 'vite'

const HERE = new URL('.', import.meta.url).pathname
const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; " +
  "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'"
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.wasm': 'application/wasm' }

export async function serveEditor() {
  const folder = await mkdtemp(join(tmpdir(), 'editor-'))
  await build({ root: HERE, configFile: join(HERE, '../../vite.config.ts'), logLevel: 'error', build: { outDir: folder, emptyOutDir: true } })
  const server = createServer((request, response) => answer(folder, request, response))
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready))
  const close = async () => {
    server.closeAllConnections()
    server.close()
    await rm(folder, { recursive: true })
  }
  return { address: `http://127.0.0.1:${server.address().port}`, close }
}

async function answer(folder, request, response) {
  const path = normalize(request.url === '/' ? '/index.html' : request.url)
  const body = await readFile(join(folder, path)).catch(() => null)
  const type = TYPES[extname(path)] ?? 'application/octet-stream'
  response.writeHead(body ? 200 : 404, { 'Content-Type': type, 'Content-Security-Policy': POLICY })
  response.end(body)
}
