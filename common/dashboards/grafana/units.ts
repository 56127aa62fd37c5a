import type { LossCode } from '../losses.ts';

/** Units by Grafana's ids. */
const units: Record<string, string> = {
  '': '',
  none: '',
  short: '',
  string: '',
  sishort: '',
  locale: '',
  percent: '%',
  humidity: '%',
  bytes: 'B',
  decbytes: 'B',
  bits: 'bit',
  decbits: 'bit',
  Bps: 'B/s',
  binBps: 'B/s',
  bps: 'bit/s',
  binbps: 'bit/s',
  pps: 'packets/s',
  ns: 'ns',
  µs: 'µs',
  ms: 'ms',
  s: 's',
  m: 'min',
  h: 'h',
  d: 'd',
  dtdurations: 's',
  dtdurationms: 'ms',
  hertz: 'Hz',
  ops: 'ops/s',
  reqps: 'req/s',
  rps: 'reads/s',
  wps: 'writes/s',
  iops: 'io/s',
  cps: 'counts/s',
  mps: 'messages/s',
  opm: 'ops/min',
  rpm: 'reads/min',
  wpm: 'writes/min',
  celsius: '°C',
  fahrenheit: '°F',
  kelvin: 'K',
  volt: 'V',
  amp: 'A',
  watt: 'W',
  kwatt: 'kW',
  watth: 'Wh',
  kwatth: 'kWh',
  rotrpm: 'rpm',
  rothz: 'Hz',
  velocityms: 'm/s',
  velocitykmh: 'km/h',
  pressurebar: 'bar',
  pressurembar: 'mbar',
  pressurehpa: 'hPa',
  lengthm: 'm',
  lengthmm: 'mm',
  massg: 'g',
  masskg: 'kg',
};

/** @returns the unit; `loss` is the difference, null when there is none */
export function unitOf(id: string): { unit: string; loss: LossCode | null } {
  const known = Object.hasOwn(units, id) ? units[id] : undefined;
  if (known !== undefined) return { unit: known, loss: null };
  if (id === 'percentunit') return { unit: '', loss: 'percent_unit' };
  const suffix = /^suffix:(.*)$/.exec(id)?.[1];
  if (suffix !== undefined && suffix.trim().length <= 24) return { unit: suffix.trim(), loss: null };
  return { unit: id.slice(0, 24), loss: 'unit_unknown' };
}
