/** The reader's time zone, in which moments are shown. */
export const zoneName = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone
