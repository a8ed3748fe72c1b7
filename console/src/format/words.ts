/** A clause as a sentence: with a capital letter and a full stop. */
export function asSentence(clause: string): string {
  const text = clause.trim()
  if (!text) return ''
  return text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? '' : '.')
}

export const asSentences = (clauses: readonly string[]): string => clauses.map(asSentence).join(' ')
