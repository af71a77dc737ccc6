import { useEffect, useState } from 'react';
import type { EarlyDocument } from './early-document.js';
import type { FirstLook } from './first-look.js';

/** Null before it has come, and where there is none. */
export function useFirstLook(early: EarlyDocument | null): FirstLook | null {
  const [, setLooked] = useState(false);
  useEffect(() => {
    let isGone = false;
    void early?.looked.then(() => {
      if (!isGone) setLooked(true);
    });
    return () => {
      isGone = true;
    };
  }, [early]);
  return early?.look() ?? null;
}
