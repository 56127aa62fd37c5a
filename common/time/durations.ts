export const secondMs = 1_000;
export const minuteMs = 60 * secondMs;
export const hourMs = 60 * minuteMs;
/** A day of 24 hours. Where a day is one of a calendar, ask `calendarDays`: it has 23 or 25 hours where the clocks change. */
export const dayMs = 24 * hourMs;
export const weekMs = 7 * dayMs;
