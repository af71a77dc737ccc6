import {
  bodyStoryRoot,
  type OoxmlPackage,
  type OoxmlPart,
  paragraphTextOf,
  serializeOoxmlPart,
  storyParagraphs,
  type TreeDocOp,
  TreePackageStore,
} from '@docx-editor.dev/core/store';

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
  commit(ops: readonly TreeDocOp[], actor: string): readonly string[] | null {
    const result = this.store.transact(
      { kind: 'body' },
      (context) => {
        for (const op of ops) if (!context.apply(op)) return;
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

  paragraphs(): readonly { readonly id: string; readonly text: string }[] {
    const root = bodyStoryRoot(this.main);
    if (!root) return [];
    return storyParagraphs(root).map(({ id }) => ({ id, text: this.textOf(id) }));
  }

  textOf(id: string): string {
    return paragraphTextOf(this.main, id, { fieldResults: 'atomic' }) ?? '';
  }

  /** All token-bearing XML, for finding out what came and went. */
  everything(): string {
    return [...this.package.parts.values()]
      .filter((part) => part.name.startsWith('/word/'))
      .map(serializeOoxmlPart)
      .join('');
  }

  text(): string {
    return this.paragraphs()
      .map((paragraph) => paragraph.text)
      .join('\n');
  }
}
