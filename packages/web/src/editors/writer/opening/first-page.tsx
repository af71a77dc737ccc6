import type { CSSProperties } from 'react';
import type { FirstBlock, FirstLook } from './first-look.js';
import type { TextLook } from './first-look-styles.js';

/** Line height of the usual text fonts. */
const LINE = 1.22;
const SIZE = 13.33;
const SMALLEST_ZOOM = 0.5;
/** Beside the page, in pixels. */
const GAP = 15;
/** Browsers that know Element Timing tell when these words were painted. */
const TIMED = { elementtiming: 'first-words' };

/** The paper with the first words on it, until the editor has laid out its own. A picture: nothing in it can be used. */
export function FirstPage({ look: { page, blocks }, words }: { look: FirstLook; words: string }) {
  const { width, top, left, right } = page;
  // The editor fits its pages to the window in the same way.
  const zoom = Math.max(SMALLEST_ZOOM, Math.min(1, (window.innerWidth - 2 * GAP) / width));
  return (
    <div className="ow-first-look">
      <p className="ow-first-words" role="status">
        <span className="of-spinner" aria-hidden="true" />
        {words}
      </p>
      <div
        className="ow-first-page"
        aria-hidden="true"
        style={{ width, paddingTop: top, paddingLeft: left, paddingRight: right, zoom }}
      >
        {blocks.map((block, at) => (
          <p key={at} style={blockStyle(block)} {...(at === 0 ? TIMED : {})}>
            {block.runs.map(({ text, look }, place) => (
              <span key={place} style={textStyle(look)}>
                {text}
              </span>
            ))}
          </p>
        ))}
      </div>
    </div>
  );
}

function blockStyle({ look, runs }: FirstBlock): CSSProperties {
  return {
    direction: look.rightToLeft ? 'rtl' : 'ltr',
    textAlign: look.align,
    marginTop: look.before,
    marginBottom: look.after,
    paddingInlineStart: look.start,
    paddingInlineEnd: look.end,
    textIndent: look.firstLine,
    lineHeight: LINE * (look.line ?? 1),
    fontSize: runs[0]?.look.size ?? SIZE,
    minHeight: `${LINE * (look.line ?? 1)}em`,
  };
}

function textStyle({ size, family, color, bold, italic }: TextLook): CSSProperties {
  return {
    fontSize: size,
    fontFamily: family === undefined ? undefined : `"${family.replaceAll('"', '')}", sans-serif`,
    color,
    fontWeight: bold ? 700 : undefined,
    fontStyle: italic ? 'italic' : undefined,
  };
}
