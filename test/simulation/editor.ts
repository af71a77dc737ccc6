import {
  bodyStoryRoot,
  type OoxmlElement,
  type OoxmlNode,
  type OoxmlPackage,
  type OoxmlPart,
  paragraphTextOf,
  storyParagraphs,
  type TreeDocOp,
  TreePackageStore,
} from '@docx-editor.dev/core/store';
import { tokensShown } from './tokens.js';

interface Line {
  readonly id: string;
  readonly text: string;
}

/** The paragraphs of a main part, by its tree. */
const lines = new WeakMap<OoxmlElement, readonly Line[]>();
/** The text of a paragraph, by its tree: most paragraphs outlive an edit. */
const texts = new WeakMap<OoxmlElement, string>();

function textIn(part: OoxmlPart, paragraph: OoxmlElement): string {
  const known = texts.get(paragraph);
  if (known !== undefined) return known;
  const alone = { ...part, root: paragraph } as OoxmlPart;
  const text = paragraphTextOf(alone, paragraph.id, { fieldResults: 'atomic' }) ?? '';
  texts.set(paragraph, text);
  return text;
}

function linesOf(pkg: OoxmlPackage): readonly Line[] {
  const main = pkg.parts.get(pkg.mainDocumentPart) as OoxmlPart;
  const known = lines.get(main.root);
  if (known) return known;
  const root = bodyStoryRoot(main);
  const found = root
    ? storyParagraphs(root).map((each) => ({ id: each.id, text: textIn(main, each as OoxmlElement) }))
    : [];
  lines.set(main.root, found);
  return found;
}

/** What a body says, one line per paragraph. */
export const textOfBody = (pkg: OoxmlPackage): string =>
  linesOf(pkg)
    .map(({ text }) => text)
    .join('\n');

/** What a person's editor does, as far as co-editing sees it: commits operations of the core, gets packages installed. */
export class Editor {
  readonly store: TreePackageStore;

  constructor(pkg: OoxmlPackage) {
    const main = pkg.parts.get(pkg.mainDocumentPart);
    if (!main) throw new Error('The package has no main document.');
    this.store = new TreePackageStore(pkg, main, { historyLimit: 1 });
  }

  get package(): OoxmlPackage {
    return this.store.currentPackage();
  }

  get main(): OoxmlPart {
    return this.package.parts.get(this.package.mainDocumentPart) as OoxmlPart;
  }

  /** The editor's ids of new blocks, or null when the core refuses. */
  commit(
    ops: readonly TreeDocOp[],
    actor: string,
    part = this.package.mainDocumentPart,
  ): readonly string[] | null {
    const result = this.store.transact(
      { kind: 'body' },
      (context) => {
        // An editor's own edit of the body takes notes along with their references.
        const body = part === this.package.mainDocumentPart;
        for (const op of ops) if (!(body ? context.apply(op) : context.applyTo(part, op))) return;
      },
      { recordsHistory: false, actorId: actor },
    );
    return result.ok ? (result.change?.created ?? []) : null;
  }

  lifecycle(op: TreeDocOp, actor: string): readonly string[] | null {
    const result = this.store.applyLifecycleOp(op, { actorId: actor });
    return result.ok ? (result.change?.created ?? []) : null;
  }

  install(pkg: OoxmlPackage): void {
    this.store.installAuthoritativePackageSnapshot(pkg);
  }

  paragraphs(): readonly Line[] {
    return linesOf(this.package);
  }

  /** Paragraphs of headers, footers, notes and comments; nobody sees a note that nothing refers to. */
  elsewhere(): readonly { readonly id: string; readonly text: string; readonly part: string }[] {
    const found: { id: string; text: string; part: string }[] = [];
    const shown = referencesIn(this.main.root);
    for (const part of this.package.parts.values()) {
      if (!/\/(header|footer|footnotes|endnotes|comments)\d*\.xml$/.test(part.name)) continue;
      const walk = (node: OoxmlNode): void => {
        if (node.kind === 'textValue') return;
        const isNote = node.localName === 'footnote' || node.localName === 'endnote';
        if (isNote && !shown.has(`${node.localName}Reference ${idOf(node)}`)) return;
        if (node.kind === 'paragraph') {
          found.push({ id: node.id, text: textIn(part, node), part: part.name });
        }
        for (const child of node.children as readonly OoxmlNode[]) walk(child);
      };
      walk(part.root);
    }
    return found;
  }

  textOf(id: string): string {
    return paragraphTextOf(this.main, id, { fieldResults: 'atomic' }) ?? '';
  }

  /** Every token in all stories, for finding out what came and went. */
  everything(): string {
    return tokensShown(this.package);
  }

  text(): string {
    return textOfBody(this.package);
  }
}

const idOf = (node: OoxmlElement) => node.attributes.find(({ localName }) => localName === 'id')?.value;

/** The notes a story refers to, by the name and number of their references. */
function referencesIn(node: OoxmlNode, into = new Set<string>()): ReadonlySet<string> {
  if (node.kind === 'textValue') return into;
  if (/^(?:foot|end)noteReference$/.test(node.localName)) into.add(`${node.localName} ${idOf(node)}`);
  for (const child of node.children as readonly OoxmlNode[]) referencesIn(child, into);
  return into;
}
