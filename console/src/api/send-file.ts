import type { UploadPart, UploadTarget } from './schema'

/** Hears how many bytes have been sent. */
export type Progress = (bytes: number) => void

/** Where a file goes: one signed address, or one for each of its parts. */
export type SignedTarget = Pick<UploadTarget, 'url'> & Partial<Pick<UploadTarget, 'headers' | 'parts' | 'complete_url'>>

/** The bucket did not take the bytes, and may take them when they are sent again. */
class NotTaken extends Error {}

const WAITS_MS = [1000, 2000, 4000]

/** Sends a file to the addresses that the API has signed, in parts where it is large. */
export async function sendFile(file: File, target: SignedTarget, onProgress: Progress): Promise<void> {
  if (target.url) {
    await putBytes(target.url, file, target.headers ?? {}, onProgress)
    return
  }
  const etags: string[] = []
  for (const part of target.parts ?? []) etags.push(await putPart(file, part, onProgress))
  if (target.complete_url) await complete(target.complete_url, target.parts ?? [], etags)
}

async function putPart(file: File, part: UploadPart, onProgress: Progress): Promise<string> {
  const content = file.slice(part.offset, part.offset + part.bytes)
  const answer = await persistently(() => putBytes(part.url, content, {}, (sent) => onProgress(part.offset + sent)))
  const etag = answer.getResponseHeader('etag')
  if (!etag) throw new Error('The bucket does not show the ETag of a part: its CORS rule must expose it.')
  return etag
}

/** A part of a large file takes minutes, and the same part may be sent twice: one fault must not cost the whole file. */
async function persistently<T>(send: () => Promise<T>): Promise<T> {
  for (const wait of WAITS_MS) {
    try {
      return await send()
    } catch (error) {
      if (!(error instanceof NotTaken)) throw error
      await new Promise((resolve) => setTimeout(resolve, wait))
    }
  }
  return send()
}

/** `fetch` reports no progress of what it sends, so this uses the older interface. */
function putBytes(url: string, content: Blob, headers: Readonly<Record<string, string>>, onProgress: Progress): Promise<XMLHttpRequest> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('PUT', url)
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value)
    request.upload.onprogress = (event) => onProgress(event.loaded)
    request.onerror = () => reject(new NotTaken('The file did not arrive: the bucket cannot be reached from here.'))
    request.onload = () => {
      if (request.status < 300) resolve(request)
      else if (request.status >= 500) reject(new NotTaken(`The bucket could not take the file: status ${request.status}.`))
      else reject(new Error(`The bucket refused the file with status ${request.status}.`))
    }
    request.send(content)
  })
}

async function complete(url: string, parts: readonly UploadPart[], etags: readonly string[]): Promise<void> {
  const listed = parts.map((part, index) => `<Part><PartNumber>${part.number}</PartNumber><ETag>${etags[index] ?? ''}</ETag></Part>`)
  const body = `<CompleteMultipartUpload>${listed.join('')}</CompleteMultipartUpload>`
  const response = await fetch(url, { method: 'POST', body })
  // S3 answers 200 as soon as it begins to join. Its body has the result, or the error.
  const result = await response.text()
  if (response.ok && result.includes('<CompleteMultipartUploadResult')) return
  const code = /<Code>([^<]+)<\/Code>/.exec(result)?.[1]
  throw new Error(`The bucket did not join the parts: it answered ${code ?? response.status}. Nothing was uploaded: send the file again.`)
}
