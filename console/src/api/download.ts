import { addressOf, send, type Parameters } from './request'

/** Saves every page of a CSV route as one file. The header line is kept once. */
export async function downloadCsv(path: string, parameters: Parameters, name: string): Promise<void> {
  const pages: string[] = []
  let address: string | undefined = addressOf(path, parameters)
  while (address) {
    const response: Response = await send(address, { accept: 'text/csv' })
    const text = await response.text()
    pages.push(pages.length ? text.slice(text.indexOf('\n') + 1) : text)
    address = nextOf(response)
  }
  saveFile(new Blob(pages, { type: 'text/csv' }), name)
}

/** The next page's address, from the header `Link: <…>; rel="next"`. */
function nextOf(response: Response): string | undefined {
  return /<([^>]+)>;\s*rel="?next"?/.exec(response.headers.get('link') ?? '')?.[1]
}

/** Saves a document of the API as a file that people and programs read. */
export function saveJson(document: unknown, name: string): void {
  saveFile(new Blob([`${JSON.stringify(document, null, 2)}\n`], { type: 'application/json' }), `${name}.json`)
}

function saveFile(content: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(content)
  link.download = name
  link.click()
  URL.revokeObjectURL(link.href)
}
