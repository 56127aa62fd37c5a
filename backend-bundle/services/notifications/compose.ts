import type { Alert, AlertEvent } from '#common/contract/alerts.ts';
import type { Severity } from '#common/contract/primitives.ts';
import { formatDuration, formatValue, type Language } from '#common/format.ts';
import { fillText } from '#common/words/fill.ts';
import { type MailText, mailTexts } from '#common/words/mails.ts';
import { comparison, describeReason, reasonWords } from '#common/words/reasons.ts';
import type { MailChart } from './alert-chart.ts';
import { chartSize } from './chart-image.ts';

/** The content of an e-mail: a text, and the same in HTML. */
export interface Mail {
  subject: string;
  text: string;
  html: string;
  /** Images that the HTML shows. */
  attachments?: { filename: string; cid: string; contentType: string; content: Buffer }[];
}

/** What an e-mail reports: an alert, and the event that changed it. */
export interface MailContent {
  kind: 'triggered' | 'resolved';
  alert: Alert;
  event: Pick<AlertEvent, 'note' | 'details'>;
  language: Language;
  /** Address of an alert with `{id}`; null for no link. */
  alertUrl: string | null;
  chart: MailChart | null;
}

/** Longest subject; servers may refuse longer header fields. */
const maxSubject = 200;

/** One row of facts. A value with several entries is written below its name. */
interface Fact {
  name: string;
  value: string | string[];
  href?: string;
}

export function composeAlertMail(content: MailContent): Mail {
  const { kind, alert, language } = content;
  const severity = severityWord(alert.severity, language);
  const word = (name: MailText) => mailTexts[name][language];
  const subject = toSubject(fillText(word(`${kind}_subject`), { severity, rule: alert.ruleName }, language));
  const sentences = sentencesOf(content);
  const facts = factsOf(content, word);
  const heading = `${word(kind)}: ${alert.ruleName}`;
  const caption = content.chart === null ? null : captionOf(content, content.chart, word);
  return {
    subject,
    text: `${[heading, ...sentences, facts.map(toTextRow).join('\n')].join('\n\n')}\n`,
    html: toHtml({ heading, sentences, facts, language, colour: kind === 'resolved' ? '#2e7d32' : colours[alert.severity], caption }),
    ...(content.chart === null ? {} : { attachments: [chartFile(content.chart)] }),
  };
}

export function composeTestMail(language: Language): Mail {
  const heading = mailTexts.test_subject[language];
  const sentences = [mailTexts.test_body[language]];
  return {
    subject: heading,
    text: `${sentences.join('\n\n')}\n`,
    html: toHtml({ heading, sentences, facts: [], language, colour: colours.INFO, caption: null }),
  };
}

const severityWord = (severity: Severity, language: Language): string => reasonWords['severity']?.[severity]?.[language] ?? severity;

/** The summary and description of the rule, and why the alert fired or resolved. */
function sentencesOf({ kind, alert, event, language }: MailContent): string[] {
  const { summary = '', description = '' } = alert.cause === 'condition' ? alert.annotations : {};
  const reasons =
    kind === 'triggered'
      ? alert.reasons.map((reason) => describeReason(reason, language))
      : [describeReason({ text: event.note, details: event.details }, language)];
  return [summary, description, reasons.filter((text) => text !== '').join(' ')].filter((text) => text.trim() !== '');
}

function factsOf({ kind, alert, language, alertUrl }: MailContent, word: (name: MailText) => string): Fact[] {
  const { labels, runbook, resolvedAt } = alert;
  const facts: Fact[] = [{ name: word('severity'), value: severityWord(alert.severity, language) }];
  if (alert.value !== null) facts.push({ name: word('value'), value: valueText(alert) });
  if (alert.threshold !== null) facts.push({ name: word('threshold'), value: thresholdText(alert, alert.threshold, language) });
  facts.push({ name: word('started_at'), value: timeText(alert.startedAt) }, { name: word('fired_at'), value: timeText(alert.firedAt) });
  if (kind === 'resolved' && resolvedAt !== null) {
    facts.push({ name: word('resolved_at'), value: timeText(resolvedAt) });
    facts.push({ name: word('fired_for'), value: formatDuration(resolvedAt - alert.firedAt, language) });
  }
  const pairs = Object.entries(labels).map(([name, value]) => `${name} = ${oneLine(value)}`);
  if (pairs.length > 0) facts.push({ name: word('labels'), value: pairs });
  if (runbook.trim() !== '') facts.push({ name: word('runbook'), value: runbook, ...linkTo(runbook.trim()) });
  const address = alertUrl?.replaceAll('{id}', alert.id);
  if (address !== undefined) facts.push({ name: word('open'), value: address, ...linkTo(address) });
  return facts;
}

function valueText({ value, threshold, unit }: Alert): string {
  if (value === null) return '';
  return threshold === null ? formatValue(value, unit) : comparison(value, threshold, unit).value;
}

function thresholdText({ operator, unit }: Alert, threshold: number, language: Language): string {
  const word = reasonWords['operator']?.[operator ?? '']?.[language];
  const number = formatValue(threshold, unit);
  // In Arabic a number keeps its unit on its right.
  return word === undefined ? number : `${word} ${language === 'ar' ? `\u2066${number}\u2069` : number}`;
}

/** Writes a time in UTC: `2026-11-27 20:23:35 UTC`. */
function timeText(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** Only web addresses become links: any other scheme could run something in the reader's mail program. */
const linkTo = (address: string): { href?: string } => (/^https?:\/\/\S+$/i.test(address) ? { href: address } : {});

/** Replaces line breaks and other control characters, which would end a header field. */
const oneLine = (text: string): string => text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();

function toSubject(text: string): string {
  const characters = Array.from(oneLine(text));
  return characters.length <= maxSubject ? characters.join('') : `${characters.slice(0, maxSubject - 1).join('')}…`;
}

function toTextRow({ name, value }: Fact): string {
  return typeof value === 'string' ? `${name}: ${value}` : [`${name}:`, ...value.map((one) => `  ${one}`)].join('\n');
}

const colours: Record<Severity, string> = { CRITICAL: '#c62828', HIGH: '#d84315', WARNING: '#9a6700', INFO: '#1565c0' };

interface HtmlParts {
  heading: string;
  sentences: readonly string[];
  facts: readonly Fact[];
  language: Language;
  colour: string;
  /** Of the chart; null without one. */
  caption: string | null;
}

/** Tables and inline styles, because mail programs support little else. */
function toHtml({ heading, sentences, facts, language, colour, caption }: HtmlParts): string {
  const start = language === 'ar' ? 'right' : 'left';
  const paragraphs = sentences.map((text) => `<p style="margin:0 0 12px" dir="auto">${inHtml(text)}</p>`);
  const rows = facts.map(
    (
      fact,
    ) => `<tr><th style="text-align:${start};vertical-align:top;padding:2px ${language === 'ar' ? '0 2px 16px' : '16px 2px 0'};color:#555;font-weight:normal">${inHtml(fact.name)}</th>
<td style="text-align:${start};padding:2px 0">${valueHtml(fact)}</td></tr>`,
  );
  return `<!doctype html>
<html lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}">
<head><meta charset="utf-8"><title>${inHtml(heading)}</title></head>
<body style="margin:0;padding:16px;font-family:sans-serif;font-size:14px;color:#1b1b1b;background:#ffffff">
<h1 style="margin:0 0 12px;padding:8px 12px;font-size:18px;border-${start}:4px solid ${colour}">${inHtml(heading)}</h1>
${paragraphs.join('\n')}
<table role="presentation" style="border-collapse:collapse">
${rows.join('\n')}
</table>
${caption === null ? '' : chartHtml(caption)}
</body>
</html>
`;
}

/** The id by which the HTML names the image of the chart. */
const chartId = 'chart@watchfloor';

const chartFile = ({ png }: MailChart) => ({ filename: 'chart.png', cid: chartId, contentType: 'image/png', content: png });

function captionOf({ alert, language }: MailContent, { interval, low, high }: MailChart, word: (name: MailText) => string): string {
  const text = word(alert.threshold === null ? 'chart_without_threshold' : 'chart');
  const values = { to: timeText(interval.to), low: formatValue(low, alert.unit), high: formatValue(high, alert.unit) };
  return fillText(text, values, language);
}

function chartHtml(caption: string): string {
  const { width, height } = chartSize;
  const size = `width="${width / 2}" height="${height / 2}"`;
  return `<p style="margin:16px 0 0"><img src="cid:${chartId}" ${size} style="max-width:100%" alt="${escapeHtml(caption)}"></p>
<p style="margin:4px 0 0;font-size:12px;color:#555">${inHtml(caption)}</p>`;
}

function valueHtml({ value, href }: Fact): string {
  if (typeof value !== 'string') return value.map((one) => `<bdi>${inHtml(one)}</bdi>`).join('<br>');
  return href === undefined ? `<bdi>${inHtml(value)}</bdi>` : `<a href="${escapeHtml(href)}"><bdi>${inHtml(value)}</bdi></a>`;
}

const inHtml = (text: string): string => escapeHtml(text).replace(/\r?\n/g, '<br>');

const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[character] ?? '');
