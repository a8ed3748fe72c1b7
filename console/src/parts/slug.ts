/** A name as an id: lower-case letters, digits and hyphens. A name in another script gets a number. */
export function slugOf(name: string, what: string): string {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
  const slug = plain.replace(/[^a-z0-9]+/g, '-').slice(0, 48).replace(/^-|-$/g, '')
  return slug || (name.trim() && `${what}-${numberOf(name)}`)
}

/** The same number for the same name. */
function numberOf(name: string): number {
  return [...name].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)!) % 1_000_000_007, 0)
}
