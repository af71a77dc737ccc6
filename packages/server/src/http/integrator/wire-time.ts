const SECOND_MS = 1000;

export interface WireTime {
  text: string;
  ms: number;
}

/** A moment as the dialect gives it, twice: text and milliseconds mean the same whole second. */
export function wireTime(at: number): WireTime {
  const ms = Math.floor(at / SECOND_MS) * SECOND_MS;
  return { text: `${new Date(ms).toISOString().slice(0, 19)}Z`, ms };
}

/** The same for one long list: its moments often share a second, and writing dates is what it costs most. */
export function rememberingWireTime(): typeof wireTime {
  const known = new Map<number, WireTime>();
  return (at) => {
    const second = Math.floor(at / SECOND_MS);
    const found = known.get(second) ?? wireTime(at);
    known.set(second, found);
    return found;
  };
}
