// The little language of the bodies in blocks.json: the same as palette/snippet.py in Python.
import type { Field } from './palette.ts'

export interface Valued {
  field: Field
  value: unknown
}

export type Scope = Record<string, Valued>
type Write = (valued: Valued) => string

interface Node {
  words: string[]
  inside: Node[]
  otherwise: Node[]
}

const INSTRUCTION = /\[\[ ?(.+?) ?\]\]/
const COUNTED: Field = { type: 'number', label: '' }
const parsed = new Map<string, Node[]>()

/** A body with its fields. */
export function fill(source: string, scope: Scope, write: Write): string {
  let nodes = parsed.get(source)
  if (!nodes) {
    nodes = parse(source)
    parsed.set(source, nodes)
  }
  return filled(nodes, scope, write)
}

function parse(source: string): Node[] {
  const pieces = source.split(INSTRUCTION)
  const reader = { pieces, next: 1 }
  const { nodes, by } = untilEnd(reader, pieces[0]!)
  if (by) throw new Error(`[[${by}]] closes nothing`)
  return nodes
}

interface Reader {
  pieces: string[]
  next: number
}

function untilEnd(reader: Reader, start: string): { nodes: Node[]; by: string; after: string } {
  const nodes = start ? [leaf('text', start)] : []
  while (reader.next < reader.pieces.length) {
    const instruction = reader.pieces[reader.next]!
    let text = reader.pieces[reader.next + 1]!
    reader.next += 2
    const words = instruction.split(' ')
    if (words[0] === 'end' || words[0] === 'else') return { nodes, by: words[0], after: text }
    if (['if', 'each', 'count'].includes(words[0]!)) {
      const inside = untilEnd(reader, text)
      const otherwise = inside.by === 'else' ? untilEnd(reader, inside.after) : { nodes: [], by: inside.by, after: inside.after }
      if (otherwise.by !== 'end') throw new Error(`[[${instruction}]] has no [[end]]`)
      nodes.push({ words, inside: inside.nodes, otherwise: otherwise.nodes })
      text = otherwise.after
    } else {
      nodes.push(leaf('value', ...words))
    }
    if (text) nodes.push(leaf('text', text))
  }
  return { nodes, by: '', after: '' }
}

const leaf = (...words: string[]): Node => ({ words, inside: [], otherwise: [] })

function filled(nodes: Node[], scope: Scope, write: Write): string {
  return nodes.map((node) => one(node, scope, write)).join('')
}

function one(node: Node, scope: Scope, write: Write): string {
  const [kind, ...rest] = node.words
  if (kind === 'text') return rest[0]!
  if (kind === 'value') return write(named(scope, rest[0]!))
  if (kind === 'if') return filled(holds(rest, scope) ? node.inside : node.otherwise, scope, write)
  const inner = kind === 'each' ? rows(rest, scope) : numbers(rest, scope)
  return inner.map((more) => filled(node.inside, { ...scope, ...more }, write)).join('')
}

function named(scope: Scope, name: string): Valued {
  const valued = scope[name]
  if (!valued) throw new Error(`blocks.json names ${name}, which is no field`)
  return valued
}

function holds(words: string[], scope: Scope): boolean {
  const { value } = named(scope, words[0]!)
  if (words.length > 1) return String(value) === words[2]
  return Array.isArray(value) ? value.length > 0 : Boolean(value)
}

function rows([name, , path]: string[], scope: Scope): Scope[] {
  const { field, value } = named(scope, path!)
  return (value as Record<string, unknown>[]).map((row) =>
    Object.fromEntries(
      Object.entries(field.fields ?? {}).map(([key, of]) => [`${name}.${key}`, { field: of, value: row[key] ?? of.default ?? '' }]),
    ),
  )
}

function numbers([name, , limit]: string[], scope: Scope): Scope[] {
  const most = /^[0-9]+$/.test(limit!) ? Number(limit) : Number(named(scope, limit!).value)
  return Array.from({ length: most }, (_, index) => ({ [name!]: { field: COUNTED, value: index + 1 } }))
}
