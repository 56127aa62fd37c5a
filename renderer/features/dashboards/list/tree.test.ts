import { expect, test } from 'vitest';
import type { DashboardSummary } from '#common/contract/dashboards.ts';
import { codeFor, treeOf, wantedOf } from './tree.ts';

const summary = (code: string, folder: string, more: Partial<DashboardSummary> = {}): DashboardSummary => ({
  code,
  title: code,
  description: '',
  folder,
  tags: [],
  panels: [],
  starred: false,
  version: 1,
  createdAt: 1,
  createdBy: 'sara',
  updatedAt: 1,
  updatedBy: 'sara',
  ...more,
});
const all = [
  summary('hosts', '', { updatedAt: 5 }),
  summary('belts', 'Plant/North', { tags: ['conveyor'], updatedAt: 9 }),
  summary('ovens', 'Plant', { starred: true, description: 'Heat of the second line' }),
  summary('plan', 'Planning'),
];

test('folders are listed below their parents and count everything in them', () => {
  expect(treeOf(all)).toMatchObject({
    count: 4,
    folders: [
      { path: 'Planning', count: 1 },
      { path: 'Plant', count: 2, folders: [{ path: 'Plant/North', name: 'North', count: 1, folders: [] }] },
    ],
  });
});

const codes = (wanted: Parameters<typeof wantedOf>[1]) => wantedOf(all, wanted).map(({ code }) => code);
test('a folder contains its subfolders, not folders with a similar name', () => {
  expect(codes({ folder: 'Plant', sort: 'title' })).toEqual(['ovens', 'belts']);
});
test('every word is looked for in title, code, folder, description and tags', () => {
  expect(codes({ search: 'plant CONVEYOR', sort: 'title' })).toEqual(['belts']);
  expect(codes({ search: 'second heat', sort: 'title' })).toEqual(['ovens']);
});
test('starred dashboards come first, then the chosen order', () => {
  expect(codes({ sort: 'changed' })).toEqual(['ovens', 'belts', 'hosts', 'plan']);
  expect(codes({ starred: true, sort: 'title' })).toEqual(['ovens']);
});

test('codes come from titles, and are new', () => {
  expect(codeFor('Überblick – Halle 7!', [])).toBe('uberblick-halle-7');
  expect(codeFor('Hosts', ['hosts', 'hosts-2'])).toBe('hosts-3');
  expect(codeFor('سيور', [])).toBe('dashboard');
});
