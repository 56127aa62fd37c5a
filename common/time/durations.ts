export const secondMs = 1_000;
export const minuteMs = 60 * secondMs;
export const hourMs = 60 * minuteMs;
/** A day of 24 hours. For calendar days use `calendarDays`: they have 23 or 25 hours when the clocks change. */
export const dayMs = 24 * hourMs;
export const weekMs = 7 * dayMs;
