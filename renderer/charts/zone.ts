export { atWall, type Clock, offsetAt, wallOf, zoneOf } from '#common/time/zone.ts';
