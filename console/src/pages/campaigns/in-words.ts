import { counted, percent } from '../../format/figures'
import { day } from '../../format/moments'
import { destinationTitle } from '../../parts/destinations'
import { conditionWords } from './condition-words'
import type { Condition } from '../builder/conditions/condition'
import type { Audience, Channel, Definition, Trigger } from './definition'

/** A definition in sentences, for those who approve it. */

const listed = (labels: readonly string[]): string => labels.join(' or ')

export function whoWords({ audience, schedule, trigger, again_after_days: again }: Definition): string {
  const who = audienceWords(audience)
  if (schedule.kind === 'once') return `${who}.`
  const when = trigger ? triggerWords(trigger) : 'when they enter the audience'
  return `${who}, ${when}. Not again within ${counted(again, 'day')}.`
}

function audienceWords({ segments, churn_bands, value_tiers, conditions, receivers }: Audience): string {
  if (receivers !== null) return receivers ? `Everybody on the list ${receivers}` : 'Everybody on a list that is not chosen yet'
  const parts = [
    segments.length > 0 && `in the segments ${listed(segments)}`,
    churn_bands.length > 0 && `with the churn risk ${listed(churn_bands)}`,
    value_tiers.length > 0 && `of the value ${listed(value_tiers)}`,
    conditions && `of which ${conditionWords(conditions as unknown as Condition)}`,
  ].filter(Boolean)
  return parts.length > 0 ? `Customers ${parts.join(', ')}` : 'All customers'
}

function triggerWords({ into, out_of: outOf }: Trigger): string {
  const from = outOf.length > 0 ? ` from ${listed(outOf)}` : ''
  return `when they move${from} to ${listed(into) || 'a label that is not chosen yet'}`
}

export function channelWords({ kind, to }: Channel): string {
  if (kind === 'email') return 'An e-mail:'
  if (kind === 'webhook') return `A request to ${to || 'an address that is not given yet'}:`
  return `${to ? destinationTitle(to) : 'A tool that is not chosen yet'} gets the people, and sends:`
}

export function whenWords({ schedule, quiet_hours: quiet }: Definition): string {
  const { kind, first_day: first, last_day: last, hours, zone, include_present: present, send_at: sendAt } = schedule
  const days = kind === 'once' ? `On ${day(first)}` : `Every day from ${day(first)}${last ? ` to ${day(last)}` : ', without an end'}`
  const clock = zone === 'customer' ? "each customer's own time zone" : "the shop's time zone"
  const begin = present ? ' The first day also writes to those who are in the audience already.' : ''
  const best = sendAt === 'best_hour' ? ' Each person is written to from the own best hour on, where clicks have proved one.' : ''
  const calm = quiet ? ` Nothing leaves from ${quiet.from} until ${quiet.until}.` : ''
  return `${days}, from ${hours.from} until ${hours.until} in ${clock}.${best}${begin}${calm} The shop's own quiet hours hold too.`
}

export function heldOutWords({ holdout, result_days: days, purpose }: Definition): string {
  if (purpose === 'transactional') return 'Nobody is held out: a transactional message is part of an order. So its effect is not measured.'
  return (
    `${percent(holdout.share, 0)} of those who would get it are chosen by chance, and get nothing from any run of this campaign. ` +
    `Purchases of both groups count for ${counted(days, 'day')}. The difference is what the campaign changed.`
  )
}

/** What ends or interrupts sending, a sentence each. */
export function stopWords({ schedule, cap, channel }: Definition): readonly string[] {
  return [
    'Nothing leaves before a person has approved the run.',
    'You can pause a run or cancel it at any time. What is sent stays sent.',
    ...(channel.kind === 'email' ? ['It pauses by itself at 0.1 % complaints or 5 % bounces, and when the sending account is stopped.'] : []),
    `It never begins later than ${counted(schedule.start_within_hours, 'hour')} after its time. ` +
      `What is not sent within ${counted(schedule.finish_within_hours, 'hour')} is not sent.`,
    'Who opts out, or leaves the audience, before the message leaves gets nothing.',
    cap
      ? `Nobody gets more than ${counted(cap.messages, 'message')} within ${counted(cap.days, 'day')}, and the shop's own cap holds too.`
      : "The shop's own cap holds: who has got enough messages gets nothing.",
  ]
}
