import fc from 'fast-check';
import { seed } from './chance.ts';

/** Runs before each test file: draws the examples of property tests from the seed of the run. */
fc.configureGlobal({ seed });
