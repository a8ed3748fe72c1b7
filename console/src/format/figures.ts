/** Figures in the reader's locale. An absent one is a dash, never a zero. */

const LOCALE = navigator.language

export const ABSENT = '–'

/** A figure as the API gives it: money comes as text, to keep its cents. */
export type Figure = number | string | null | undefined

export function toNumber(value: Figure): number | null {
  if (value === null || value === undefined || value === '') return null
  const number = Number(value)
  return Number.isFinite(number) ? number : null
}

export function count(value: Figure, digits = 0): string {
  return format(value, { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

/** A share of 1, as a percentage. A small one is less than the smallest that is shown, and not 0. */
export function percent(value: Figure, digits = 1): string {
  const least = 10 ** -(digits + 2)
  const share = toNumber(value)
  const isSmall = share !== null && share > 0 && share < least / 2
  const shown = format(isSmall ? least : share, { style: 'percent', minimumFractionDigits: digits, maximumFractionDigits: digits })
  return isSmall ? `<${shown}` : shown
}

/** A change of a share in percentage points, with its sign. */
export function points(share: number): string {
  return `${share > 0 ? '+' : ''}${count(100 * share, 2)}`
}

/** Money in the tenant's currency. Without one it is a plain number. */
export function money(value: Figure, currency: string, digits = 0): string {
  return format(value, { ...unitOf(currency), minimumFractionDigits: digits, maximumFractionDigits: digits })
}

/** What was added: money with its sign, +£1.35 or −£0.20. */
export function gain(value: Figure, currency: string, digits = 2): string {
  return format(value, { ...unitOf(currency), signDisplay: 'exceptZero', minimumFractionDigits: digits, maximumFractionDigits: digits })
}

/** Money in few characters, for the axis of a chart. */
export function shortMoney(value: Figure, currency: string): string {
  return format(value, { ...unitOf(currency), notation: 'compact', maximumFractionDigits: 1 })
}

export function short(value: Figure): string {
  return format(value, { notation: 'compact', maximumFractionDigits: 1 })
}

/** A change with its sign: +41, −3, 0. */
export function change(value: Figure): string {
  return format(value, { signDisplay: 'exceptZero', maximumFractionDigits: 0 })
}

export function days(value: Figure, digits = 0): string {
  const number = toNumber(value)
  if (number === null) return ABSENT
  return `${count(number, digits)} ${number === 1 && !digits ? 'day' : 'days'}`
}

/** "1 day", "2 days". */
export function counted(value: number, what: string): string {
  return `${count(value)} ${what}${value === 1 ? '' : 's'}`
}

export const customers = (value: number): string => counted(value, 'customer')

export function bytes(value: number): string {
  const [unit, size] = value >= 1e9 ? ['gigabyte', 1e9] : value >= 1e6 ? ['megabyte', 1e6] : ['kilobyte', 1e3]
  return new Intl.NumberFormat(LOCALE, {
    style: 'unit',
    unit: String(unit),
    maximumFractionDigits: 1,
  }).format(value / Number(size))
}

function format(value: Figure, options: Intl.NumberFormatOptions): string {
  const number = toNumber(value)
  // A real minus sign: a hyphen is too short to be seen before a figure.
  return number === null ? ABSENT : new Intl.NumberFormat(LOCALE, options).format(number).replace('-', '−')
}

function unitOf(currency: string): Intl.NumberFormatOptions {
  return /^[A-Z]{3}$/.test(currency) ? { style: 'currency', currency } : {}
}
