import type { ReactNode } from 'react';

/** A string (with the colon when it is a name), a number, or one of the three words. */
const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|\b(true|false|null)\b/g;

/** JSON as people read it: indented, with names, texts and values told apart by colour. */
export function JsonView({ value }: { value: unknown }) {
  const isText = typeof value === 'string';
  return (
    // Long answers scroll, and whoever has no mouse must be able to scroll them.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region takes the focus
    <pre className="pg-json" tabIndex={0}>
      {isText ? value : colour(JSON.stringify(value, null, 2) ?? '')}
    </pre>
  );
}

function colour(text: string): ReactNode[] {
  const pieces: ReactNode[] = [];
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    pieces.push(text.slice(end, match.index));
    const [whole, string, colon, number] = match;
    const kind = colon ? 'name' : string ? 'text' : number ? 'number' : 'word';
    pieces.push(
      <span key={match.index} data-kind={kind}>
        {string ?? whole}
      </span>,
      colon ?? '',
    );
    end = match.index + whole.length;
  }
  pieces.push(text.slice(end));
  return pieces;
}
