/** Sets that cut a column by rules, as a form edits them: rules name labels by their places. */
import { HEAD, hasOnly, isRecord, isTexts, isTextsList, newTexts, type Head, type Texts } from '../definition.ts'

export interface Limits {
  from?: number
  below?: number
}

interface RangeRule {
  column: string
  by?: 'value' | 'quantile'
  ranges: Readonly<Record<string, Limits>>
}

interface TextRule {
  column: string
  values: Readonly<Record<string, string>>
}

export interface RuledSet extends Head {
  label: readonly Texts[]
  rule: readonly (RangeRule | TextRule)[]
  empty: Texts
}

/** A range or a text of a rule, and the place of the label that it gives. */
type Range = { label: number; limits: Limits }
type Text = { text: string; label: number }

export interface RangesForm {
  column: string
  by?: 'value' | 'quantile'
  ranges: readonly Range[]
}

export interface TextsForm {
  column: string
  texts: readonly Text[]
}

export type RuleForm = RangesForm | TextsForm

export interface RulesForm extends Head {
  label: readonly Texts[]
  rule: readonly RuleForm[]
  empty: Texts
}

export const hasRanges = (rule: RuleForm): rule is RangesForm => 'ranges' in rule

/** Whether the set cuts columns by rules that the form shows whole. */
export function isRuled(definition: unknown): definition is RuledSet {
  if (!isRecord(definition) || !hasOnly(definition, ...HEAD, 'label', 'rule', 'empty')) return false
  const { label: labels, rule: rules, empty } = definition
  if (!isTextsList(labels) || !isTexts(empty) || !Array.isArray(rules)) return false
  const names = [...labels, empty].map((one) => one.label)
  return new Set(names).size === names.length && rules.every((rule: unknown) => isRule(rule, names))
}

function isRule(rule: unknown, names: readonly string[]): boolean {
  if (!isRecord(rule) || typeof rule.column !== 'string') return false
  if (isRecord(rule.values)) {
    return hasOnly(rule, 'column', 'values') && Object.values(rule.values).every((label) => names.includes(String(label)))
  }
  const { by, ranges } = rule
  if (!isRecord(ranges) || !hasOnly(rule, 'column', 'by', 'ranges')) return false
  const isKnown = by === undefined || by === 'value' || by === 'quantile'
  return isKnown && Object.entries(ranges).every(([label, limits]) => names.includes(label) && isLimits(limits))
}

const isLimits = (value: unknown): value is Limits =>
  isRecord(value) && hasOnly(value, 'from', 'below') && Object.values(value).every((limit) => typeof limit === 'number')

export function formOf({ rule, ...set }: RuledSet): RulesForm {
  const names = [...set.label, set.empty].map((one) => one.label)
  const place = (label: string) => names.indexOf(label)
  return {
    ...set,
    rule: rule.map((one): RuleForm => {
      if ('values' in one) {
        const texts = Object.entries(one.values).map(([text, label]) => ({ text, label: place(label) }))
        return { column: one.column, texts }
      }
      const ranges = Object.entries(one.ranges).map(([label, limits]) => ({ label: place(label), limits }))
      return { ...one, ranges }
    }),
  }
}

export function definitionOf({ rule, ...set }: RulesForm): RuledSet {
  const names = [...set.label, set.empty].map((one) => one.label)
  const name = (place: number) => names[place] ?? ''
  return {
    ...set,
    rule: rule.map((one) =>
      hasRanges(one)
        ? { ...one, ranges: Object.fromEntries(one.ranges.map(({ label, limits }) => [name(label), limits])) }
        : { column: one.column, values: Object.fromEntries(one.texts.map(({ text, label }) => [text, name(label)])) },
    ),
  }
}

/** Without a label, and without what gave it. Places after it move up. */
export function withoutLabel(form: RulesForm, removed: number): RulesForm {
  const kept = <Given extends { label: number }>(rows: readonly Given[]): readonly Given[] =>
    rows
      .filter((row) => row.label !== removed)
      .map((row) => ({ ...row, label: row.label > removed ? row.label - 1 : row.label }))
  return {
    ...form,
    label: form.label.toSpliced(removed, 1),
    rule: form.rule.map((rule) =>
      hasRanges(rule) ? { ...rule, ranges: kept(rule.ranges) } : { ...rule, texts: kept(rule.texts) },
    ),
  }
}

/** With other labels at the same places, or with more of them: that of empty cells stays last. */
export function withLabels(form: RulesForm, label: readonly Texts[]): RulesForm {
  const more = label.length - form.label.length
  const moved = <Given extends { label: number }>(rows: readonly Given[]): readonly Given[] =>
    rows.map((row) => ({ ...row, label: row.label < form.label.length ? row.label : row.label + more }))
  return {
    ...form,
    label,
    rule: form.rule.map((rule) =>
      hasRanges(rule) ? { ...rule, ranges: moved(rule.ranges) } : { ...rule, texts: moved(rule.texts) },
    ),
  }
}

export const newRuled = (): RuledSet => ({
  name: '',
  prefix: '',
  meaning: '',
  label: [
    { ...newTexts(1), label: 'High' },
    { ...newTexts(2), label: 'Low' },
  ],
  rule: [{ column: 'monetary', ranges: { High: { from: 100 }, Low: { below: 100 } } }],
  empty: { label: 'Unknown', meaning: 'Customers without a value.', action: 'As usual.' },
})

/** A numbered set has a label for each whole number of a column. */
export interface NumberedSet extends Head {
  numbered: { column: string; first: number; last: number; meaning: string; action: string }
  empty: Texts
}

export function isNumbered(definition: unknown): definition is NumberedSet {
  if (!isRecord(definition) || !hasOnly(definition, ...HEAD, 'numbered', 'empty')) return false
  const { numbered, empty } = definition
  if (!isRecord(numbered) || !isTexts(empty)) return false
  const { first, last, column, meaning, action, ...more } = numbered
  const texts = [column, meaning, action].every((text) => typeof text === 'string')
  return texts && typeof first === 'number' && typeof last === 'number' && Object.keys(more).length === 0
}
