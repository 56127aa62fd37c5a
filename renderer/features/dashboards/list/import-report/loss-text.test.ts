import { describe, expect, it } from 'vitest';
import { importGrafana } from '#common/dashboards/grafana.ts';
import { lossWords } from '#common/dashboards/losses.ts';
import { lossText } from './loss-text.ts';

describe('what an import loses', () => {
  const { notCarried } = importGrafana({
    title: 'x'.repeat(200),
    templating: { list: [{ name: 'Step', type: 'interval' }] },
    panels: [
      { type: 'news', title: 'Feed' },
      { type: 'stat', title: 'CPU', targets: [{ expr: 'rate(x[5m])' }] },
    ],
  });
  const arabic = notCarried.map((one) => lossText(one, 'ar'));

  it('is shown in Arabic, with the names and queries of the file', () => {
    for (const { what, why } of arabic) expect(why, what).toMatch(/[\u0600-\u06ff]/);
    expect(arabic).toContainEqual({ where: 'Feed', what: 'لوح من النوع news', why: 'لا مقابل لهذا النوع من الألواح؛ استُبعد.' });
    expect(arabic).toContainEqual(expect.objectContaining({ where: 'اللوحة', what: 'العنوان' }));
    expect(arabic).toContainEqual(expect.objectContaining({ where: 'المتغيرات', what: 'Step (interval)' }));
    expect(arabic.find(({ where }) => where === 'CPU')?.why).toContain('rate()');
  });
  it('reads the same in English as over the API', () => {
    for (const one of notCarried) expect(lossText(one, 'en')).toEqual({ where: one.where, what: one.what, why: one.why });
  });
  it('stays as the backend says it where the code is not known here', () => {
    const newer = { scope: 'panel' as const, where: 'CPU', what: 'sound', why: 'It has none.', code: 'constructor', params: {} };
    expect(lossText(newer, 'ar')).toEqual({ where: 'CPU', what: 'sound', why: 'It has none.' });
  });
  it('has a reason for every code', () => {
    for (const [what, why] of Object.values(lossWords)) expect(`${what} ${why}`).toMatch(/\S \S/);
  });
});
