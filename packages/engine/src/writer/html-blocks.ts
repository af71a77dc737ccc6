/** Elements that begin a paragraph of their own. */
export const BLOCKS: ReadonlySet<string> = new Set(
  (
    'address article aside blockquote body caption center dd details dir div dl dt fieldset figcaption figure footer ' +
    'form h1 h2 h3 h4 h5 h6 header hgroup hr legend li listing main menu nav ol p pre search section summary table ' +
    'tbody td tfoot th thead tr ul xmp'
  ).split(' '),
);

/** Blocks that have room around them without being told to; it is that of their styles. */
export const ROOMY: ReadonlySet<string> = new Set([
  ...[
    'p',
    'h1',
    'h2',
    'h3',
    'h4',
    'h5',
    'h6',
    'li',
    'ul',
    'ol',
    'menu',
    'dir',
    'dd',
    'dl',
    'blockquote',
    'pre',
  ],
  ...['listing', 'xmp', 'figure', 'hr'],
]);
