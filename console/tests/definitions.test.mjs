// What the builder's forms do to a definition: nothing that was not asked for.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { labelsOf } from '../src/pages/builder/choices.ts'
import { isCombined } from '../src/pages/builder/combined/combined.ts'
import { asGroup, groupOf, isConditional, isGroup, jointOf, partsOf } from '../src/pages/builder/conditions/condition.ts'
import { definitionOf, formOf, isNumbered, isRuled, withLabels, withoutLabel } from '../src/pages/builder/rules/rule-form.ts'

const CASES = 300

/** Numbers from 0 to 1, the same in every run of the tests (mulberry32). */
function random(seed) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Draws definitions with labels that are easily mistaken: numbers, the names of properties, accents. */
class Draw {
  static names = ['High', 'Low', 'high', '1', '10', '__proto__', 'constructor', 'Über', '多', 'a b', '']

  constructor(seed) {
    this.next = random(seed)
  }

  below = (count) => Math.floor(this.next() * count)
  one = (from) => from[this.below(from.length)]
  some = (from, least = 1) => {
    const rest = [...from]
    const wanted = least + this.below(from.length - least + 1)
    return Array.from({ length: wanted }, () => rest.splice(this.below(rest.length), 1)[0])
  }

  texts = (label) => ({ label, meaning: this.one(Draw.names), action: 'Write.' })
  head = () => ({ name: 'mine', prefix: this.one(Draw.names), meaning: 'Mine.' })
  limits = () => ({ ...(this.below(2) && { from: this.below(99) / 4 }), ...(this.below(2) && { below: -this.next() }) })

  ruled() {
    const names = this.some(Draw.names, 3)
    const [empty, ...labels] = names
    const rule = Array.from({ length: 1 + this.below(3) }, () =>
      this.below(2)
        ? { column: 'gap_state', values: Object.fromEntries(this.some(['lapsed', 'active', '__proto__']).map((text) => [text, this.one(names)])) }
        : {
            column: 'monetary',
            ...(this.below(2) && { by: this.one(['value', 'quantile']) }),
            ranges: Object.fromEntries(this.some(labels).map((label) => [label, this.limits()])),
          },
    )
    return { ...this.head(), label: labels.map(this.texts), empty: this.texts(empty), rule }
  }

  condition(depth = 1) {
    const kind = this.below(depth < 4 ? 5 : 4)
    if (kind === 0) return { column: 'monetary', ...this.limits() }
    if (kind === 1) return { column: 'last_purchase_at', below: '2026-06-30' }
    if (kind === 2) return { column: 'r_score', [this.one(['in', 'not_in'])]: [1, 2.5] }
    if (kind === 3) return { set: 'value_tier', [this.one(['in', 'not_in'])]: this.some(Draw.names) }
    return { [this.one(['all', 'any'])]: Array.from({ length: 1 + this.below(3) }, () => this.condition(depth + 1)) }
  }

  conditional() {
    const [rest, ...labels] = this.some(Draw.names, 2)
    const label = labels.map((one) => ({ ...this.texts(one), when: this.condition() }))
    return { ...this.head(), label, otherwise: this.texts(rest) }
  }
}

function each(draw, holds) {
  for (let seed = 1; seed <= CASES; seed += 1) holds(draw(new Draw(seed)), new Draw(-seed))
}

test('a set by rules is the same after it was a form', () => {
  each((draw) => draw.ruled(), (definition) => {
    assert.ok(isRuled(definition))
    assert.deepEqual(definitionOf(formOf(definition)), definition)
  })
})

test('a label that is renamed and named back, or added and removed, leaves a set by rules as it was', () => {
  each((draw) => draw.ruled(), (definition, draw) => {
    const form = formOf(definition)
    const place = draw.below(form.label.length)
    const renamed = withLabels(form, form.label.with(place, { ...form.label[place], label: draw.one(Draw.names) }))
    assert.deepEqual(definitionOf(withLabels(renamed, form.label)), definition)
    const more = withLabels(form, [...form.label, draw.texts('More')])
    assert.deepEqual(definitionOf(withoutLabel(more, form.label.length)), definition)
  })
})

test('a removed label is in no rule any more, and no other label loses anything', () => {
  each((draw) => draw.ruled(), (definition, draw) => {
    const removed = draw.below(definition.label.length)
    const name = definition.label[removed].label
    const left = definitionOf(withoutLabel(formOf(definition), removed))
    const kept = (rule) =>
      rule.ranges
        ? { ...rule, ranges: Object.fromEntries(Object.entries(rule.ranges).filter(([label]) => label !== name)) }
        : { ...rule, values: Object.fromEntries(Object.entries(rule.values).filter(([, label]) => label !== name)) }
    assert.deepEqual(left, { ...definition, label: definition.label.toSpliced(removed, 1), rule: definition.rule.map(kept) })
  })
})

test('every condition has a form, and a group keeps its parts', () => {
  each((draw) => draw.conditional(), (definition) => {
    assert.ok(isConditional(definition))
    for (const { when } of definition.label) {
      const group = asGroup(when)
      assert.deepEqual(isGroup(when) ? groupOf(jointOf(group), partsOf(group)) : partsOf(group), isGroup(when) ? when : [when])
    }
  })
})

test('a document with anything that a form would not show has no form', () => {
  const kinds = [isRuled, isConditional, isCombined, isNumbered]
  each((draw) => (draw.below(2) ? draw.ruled() : draw.conditional()), (definition, draw) => {
    const without = { ...definition }
    delete without[draw.one(['label', draw.one(['otherwise', 'empty'])].filter((key) => key in without))]
    for (const wrong of [{ ...definition, comment: 'Ours.' }, without, { ...definition, label: [{ label: 'A' }] }])
      assert.ok(!kinds.some((is) => is(wrong)))
  })
})

test('the labels of a set are all that another set can read', () => {
  const texts = { meaning: 'Some.', action: 'Write.' }
  assert.deepEqual(labelsOf({ label: [{ label: 'A', ...texts }], otherwise: { label: 'B', ...texts } }), ['A', 'B'])
  assert.deepEqual(labelsOf({ numbered: { first: 1, last: 3 }, empty: { label: 'None', ...texts } }), ['1', '2', '3', 'None'])
})
