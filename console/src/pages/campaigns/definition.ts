import type { CampaignDefinition } from '../../api/schema'
import type { Whole } from '../../api/whole'

/** A campaign's definition: the document that a user builds and every run freezes. */
export type Definition = Whole<CampaignDefinition>
export type Audience = Definition['audience']
export type Variant = Definition['variants'][number]
export type TemplateChoice = NonNullable<Variant['template']>
export type Schedule = Definition['schedule']
export type DayHours = Schedule['hours']
export type Channel = Definition['channel']
export type Trigger = NonNullable<Definition['trigger']>

export const definitionOf = (document: object): Definition => document as Definition

/** The document to send. */
export const documentOf = (definition: Definition): CampaignDefinition => definition as CampaignDefinition

export const newVariant = (name: string): Variant => ({ name, share: 1, template: null, segments: [] })

export const newDefinition = (): Definition => ({
  id: '',
  name: '',
  purpose: 'marketing',
  audience: { segments: [], churn_bands: [], value_tiers: [], conditions: null, receivers: null },
  variants: [newVariant('a')],
  schedule: {
    kind: 'once',
    first_day: today(),
    last_day: null,
    hours: { from: '09:00', until: '20:00' },
    zone: 'customer',
    send_at: 'hours',
    include_present: false,
    start_within_hours: 24,
    finish_within_hours: 72,
  },
  channel: { kind: 'email', to: '' },
  trigger: null,
  holdout: { share: 0.1, salt: '' },
  cap: null,
  quiet_hours: null,
  again_after_days: 0,
  result_days: 30,
})

/** The reader's present day. */
export function today(): string {
  const now = new Date()
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10)
}

/** Shares customers evenly, in whole percent, where the shares of their variants do not add to 100. */
export function fittingShares(variants: readonly Variant[]): readonly Variant[] {
  return variants.map((variant) => {
    const alike = variants.filter((other) => isAlike(other, variant))
    const percent = alike.reduce((sum, one) => sum + Math.round(100 * one.share), 0)
    if (percent === 100) return variant
    const part = Math.floor(100 / alike.length)
    const isLast = alike.at(-1) === variant
    return { ...variant, share: (isLast ? 100 - part * (alike.length - 1) : part) / 100 }
  })
}

/** Whether two variants share the same customers. */
export const isAlike = (one: Variant, other: Variant): boolean => one.segments.toSorted().join() === other.segments.toSorted().join()

/** The first letter that no variant has as its name. */
export function freeName(variants: readonly Variant[]): string {
  const letters = [...'abcdefghijklmnopqrstuvwxyz']
  return letters.find((letter) => variants.every((one) => one.name !== letter)) ?? `v${variants.length + 1}`
}
