import { replaceEqualDeep } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';

/**
 * Returns the value of an earlier render for as long as the new one equals it, so that an equal new object is no change. For plain data.
 */
export function useStable<T>(value: T): T {
  const held = useRef(value);
  const next = replaceEqualDeep(held.current, value);
  useEffect(() => {
    held.current = next;
  });
  return next;
}
