// Who reacts to a small shop's campaign, how people read, and an offer that is planned by that.

const groupOf = (limits, effect, customers, people) => ({ limits, people, customers, effect, low: effect - 0.5, high: effect + 0.5 })
const pointOf = (share, gain) => ({ share, gain, low: gain - 0.3, high: gain + 0.3, random_gain: 0.9 * share, churn_gain: 0.9 * gain })

export const TARGETS = {
  campaign: 'win-back', as_of: '2026-12-31', decision: 'publish', people: 6000, held_out: 3000, omitted: 12,
  reason: 'The groups are better than a random choice, and no worse than the churn score. This is judged for one look.',
  columns: ['recency_days', 'frequency'], average: 0.9, average_low: 0.4, average_high: 1.4, limit: 250, simulated: false, is_mismatch: false,
  inference: 'fixed_horizon',
  rankings: [
    { against: 'random choice', area: 0.21, low: 0.08, high: 0.34 },
    { against: 'churn risk', area: 0.12, low: 0.01, high: 0.23 },
  ],
  groups: [
    groupOf([{ column: 'recency_days', low: null, below: 60 }, { column: 'frequency', low: 3, below: null }], 3.4, 812, 1500),
    groupOf([{ column: 'recency_days', low: 60, below: 120 }], 1.8, 1204, 2100),
    groupOf([{ column: 'recency_days', low: 120, below: null }], -0.3, 2960, 2400),
  ],
  curve: [pointOf(0.1, 0.5), pointOf(0.25, 0.9), pointOf(0.5, 1.2), pointOf(0.75, 1.1), pointOf(1, 0.9)],
}

export const WITHHELD = {
  ...TARGETS, decision: 'withhold', reason: '120 people were held out, and 500 are needed.', rankings: [], groups: [], curve: [], average: null, average_low: null,
  average_high: null,
}

const WHO = ['recency_days below 60, frequency from 3', 'recency_days from 60 and below 120', 'recency_days from 120']

/** What the API plans for an offer, as far as the page needs it. */
export function offerOf({ cost, margin, budget }) {
  const labels = ['First', budget === null ? 'First' : 'Later', 'Leave']
  const groups = TARGETS.groups.map((one, place) => ({
    label: labels[place], who: WHO[place], customers: one.customers, margin: margin * one.effect, low: margin * one.low, high: margin * one.high,
    net: one.customers * (margin * one.effect - cost),
  }))
  const first = groups.filter(({ label }) => label === 'First')
  const customers = first.reduce((sum, one) => sum + one.customers, 0)
  return {
    campaign: 'win-back', simulated: false, customers, spent: customers * cost, net: first.reduce((sum, one) => sum + one.net, 0), groups,
    verdict: `Send the offer to ${customers} customers first. ${TARGETS.reason}`,
    frontier: TARGETS.curve.map(({ share, gain, low, high, random_gain: random }) => {
      const [reached, all] = [Math.round(share * 4976), 4976 * margin]
      return {
        share, customers: reached, cost: reached * cost, margin: all * gain, low: all * low, high: all * high, net: all * gain - reached * cost,
        random_net: all * random - reached * cost,
      }
    }),
    audience: { segments: ['At Risk'], churn_bands: [], value_tiers: [], receivers: null, conditions: { column: 'recency_days', below: 60 } },
    set: { name: 'offer_win_back', prefix: 'Offer Win Back', meaning: 'Who to send an offer first.', label: [], otherwise: { label: 'Outside' } },
  }
}

const chanceOf = (reaction, changes) => ({
  reaction, decision: 'withhold', reason: '12 people did it the latest, and 50 are needed.', people: 4000, share: null, prior: null, log_loss: null,
  same_log_loss: null, groups: [], ...changes,
})

export const ENGAGEMENT = {
  campaign: 'win-back', measured_at: '2026-12-31T10:00:00Z', messages: 9000, recent: 0, notes: ['Opens are unreliable: mail clients load pictures unasked or not at all.'],
  chances: [
    chanceOf('opened', { reason: "Their own chance to open is not surely better than everybody's.", share: 0.31, log_loss: 0.61, same_log_loss: 0.61 }),
    chanceOf('clicked', {
      decision: 'publish', reason: "Their own chance to click is better than everybody's.", share: 0.08, prior: { mean: 0.08, strength: 6.5 }, log_loss: 0.25,
      same_log_loss: 0.27, groups: Array.from({ length: 10 }, (_, place) => ({ people: 400, predicted: 0.02 * (place + 1), observed: 0.02 * place + 0.015 })),
    }),
    chanceOf('unsubscribed'),
  ],
  hours: {
    decision: 'withhold', reason: '120 people clicked twice, and 500 are needed.', people: 120, shop_hour: 18, strength: null,
    shop: Array.from({ length: 24 }, (_, hour) => (hour >= 18 && hour < 21 ? 0.2 : 0.4 / 21)),
  },
}
