import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

interface CoreEdit {
  /** What it changes for the person who types. */
  readonly effect: string;
  /** End of the path of the one file that it is made in. */
  readonly file: string;
  /** Stands in that file exactly once. */
  readonly find: string;
  readonly replace: string;
  /** What the new text uses of ours. */
  readonly uses?: keyof typeof OURS;
}

const OURS = {
  afterTyping: address('../src/editors/writer/typing/prompt-typing.ts'),
  keepLines: address('../src/editors/writer/typing/keep-lines.ts'),
} as const;

const EDITS: readonly CoreEdit[] = [
  {
    effect: 'Of a paragraph that is typed in, only lines that look otherwise than before are painted anew.',
    file: 'core/dist/chunk-TMCMXIBT.js',
    find: '(p.kind==="table"?V(t,p,a,bn(r,p)):W(t,p,a));s.set(p,y)',
    replace:
      '(p.kind==="table"?V(t,p,a,bn(r,p)):keepLines(r,p,n.fragments,a,line=>pa(t,line,a,wf(p.props),p.emptyParagraphStyle))??W(t,p,a));s.set(p,y)',
    uses: 'keepLines',
  },
  {
    effect: 'The state of buttons and panels is worked out after the frame that shows the letter.',
    file: 'core/dist/chunk-5ZE7ROGP.js',
    find: 'ki=false,(m||R)&&n.onChange?.(xt());}',
    replace: 'ki=false,(m||R)&&(afterTyping(()=>{mo||n.onChange?.(xt());})||n.onChange?.(xt()));}',
    uses: 'afterTyping',
  },
  {
    effect: 'The fonts that the document names are collected after that frame.',
    file: 'core/dist/chunk-5ZE7ROGP.js',
    find: 'r||(r=true,queueMicrotask(o));};return {schedule:i,',
    replace: 'r||(r=true,afterTyping(o)||queueMicrotask(o));};return {schedule:i,',
    uses: 'afterTyping',
  },
  {
    effect: 'Toolbar, outline and page number are rendered after that frame.',
    file: 'react/dist/index.mjs',
    find: 'Tg()?Cg(o):queueMicrotask(o);',
    replace: 'Tg()?Cg(o):afterTyping(o)||queueMicrotask(o);',
    uses: 'afterTyping',
  },
  {
    effect: 'Pages that are all equally wide are not put into their places again.',
    file: 'core/dist/chunk-5ZE7ROGP.js',
    find: 'function OL(e,t,n,r){',
    replace:
      'function OL(e,t,n,r){let moved=n.pageOffsetX.size>0;if(!moved&&!e.pagesMoved)return;e.pagesMoved=moved;',
  },
  {
    effect: 'Blocks that end at different places are known to differ without being written out as JSON.',
    file: 'core/dist/chunk-K2BBJDM7.js',
    find: '(r===o||nde(r,o))&&gP(r)!==gP(o))',
    replace: '(r===o||nde(r,o))&&(r.range?.end!==o.range?.end||gP(r)!==gP(o)))',
  },
];

/**
 * Changes a few places of the docx editor's own code while the pages are built, so that a letter is on the screen sooner
 * (ADR 12). A place that is not found exactly once fails the build: another version of the editor needs another look.
 */
export function coreEdits(): Plugin {
  const made = new Set<CoreEdit>();
  return {
    name: 'core-edits',
    transform(code, id) {
      const path = id.replaceAll('\\', '/');
      const edits = EDITS.filter(({ file }) => path.endsWith(`/@docx-editor.dev/${file}`));
      if (edits.length === 0) return null;
      let edited = code;
      for (const edit of edits) {
        const parts = edited.split(edit.find);
        if (parts.length !== 2) {
          this.error(`${edit.file} has this ${parts.length - 1} times rather than once: ${edit.find}`);
        }
        edited = parts.join(edit.replace);
        made.add(edit);
      }
      const imports = new Set(edits.flatMap(({ uses }) => (uses === undefined ? [] : [uses])));
      const lines = [...imports].map((name) => `import { ${name} } from ${JSON.stringify(OURS[name])};`);
      return { code: [...lines, edited].join('\n'), map: null };
    },
    buildEnd(error) {
      if (error !== undefined) return;
      const missed = EDITS.find((edit) => !made.has(edit));
      if (missed !== undefined) this.error(`${missed.file} is not part of the build: ${missed.find}`);
    },
  };
}

function address(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}
