import type { Editor } from '@docx-editor.dev/core/contracts/editor';
import type { DocxEditorInstance } from '@docx-editor.dev/core/editor';
import { DocxEditor, LocaleProvider } from '@docx-editor.dev/react';
import type { WriterBoot } from '@officina/protocol';
import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { LibraryBar } from '../../library/library-bar.js';
import { followTheme, type Theme, themeOf } from '../../shell/theme.js';
import { EditorToolbar } from './editor-toolbar.js';
import { createFontResolver } from './fonts.js';
import { Header, keeperOf, type Panel } from './header.js';
import { useInterfaceLanguage } from './interface-language.js';
import { Notices } from './notices.js';
import type { EarlyDocument } from './opening/early-document.js';
import { FirstPage } from './opening/first-page.js';
import { useFirstLook } from './opening/use-first-look.js';
import { reviewModule } from './review/review-module.js';
import { ReviewPanel } from './review/review-panel.js';
import { mayComment, mayEdit } from './rights.js';
import type { WriterSession } from './session/writer-session.js';
import { StatusAnnouncer } from './status-line.js';
import { takeTypingInAtOnce } from './typing/prompt-typing.js';
import { usePictures } from './use-pictures.js';
import { useShortcuts } from './use-shortcuts.js';
import { VersionPanel } from './versions/version-panel.js';

export interface WorkbenchProps {
  readonly boot: WriterBoot;
  readonly session: WriterSession;
  readonly document: Uint8Array;
  readonly panel: Panel | null;
  readonly onPanelChange: (panel: Panel | null) => void;
  readonly early: EarlyDocument | null;
}

/** The document with everything around it. */
export function Workbench({ boot, session, document: bytes, panel, onPanelChange, early }: WorkbenchProps) {
  const [theme, setTheme] = useState<Theme>(() => themeOf(boot.ui.darkMode, window.document));
  const language = useInterfaceLanguage(boot.interfaceLanguage);
  const permissions = useSyncExternalStore(session.subscribe, () => session.room().permissions);
  const fonts = useMemo(() => createFontResolver(boot.fontPath), [boot.fontPath]);
  const modules = useMemo(
    () => [reviewModule, { id: 'officina-room', collaboration: { session: session.seat } }],
    [session],
  );
  const isOpen = useSyncExternalStore(session.subscribe, () => session.room().opened);
  const look = useFirstLook(early);
  const canEdit = mayEdit(permissions);
  const panels: readonly Panel[] = [
    ...(canEdit || mayComment(permissions) ? (['review'] as const) : []),
    ...(boot.versionsPath === null ? [] : (['versions'] as const)),
  ];

  useEffect(() => followTheme(boot.ui.darkMode, window.document, setTheme), [boot.ui.darkMode]);
  const openComments = useCallback(() => onPanelChange('review'), [onPanelChange]);
  usePictures(session, canEdit);
  useEffect(() => takeTypingInAtOnce(window, () => session.seat.takeInput()), [session]);
  useShortcuts({
    session,
    // Who presses it where nothing can be saved to is told so, and offered a copy.
    canSave: boot.canSave || canEdit,
    onComment: panels.includes('review') ? openComments : null,
  });

  return (
    <LocaleProvider {...(language === undefined ? {} : { i18n: language })}>
      <DocxEditor.Root
        document={bytes}
        fonts={fonts}
        modules={modules}
        author={boot.person.displayName}
        mode={canEdit ? 'edit' : 'view'}
        colorMode={theme}
        locale={boot.interfaceLanguage}
        onReady={(editor) => seat(session, editor)}
      >
        <div className={`ow-workbench docx-editor${theme === 'dark' ? ' dark' : ''}`} data-theme={theme}>
          <Header
            boot={boot}
            session={session}
            canEdit={canEdit}
            panel={panel}
            panels={panels}
            onPanelToggle={(toggled) => onPanelChange(panel === toggled ? null : toggled)}
          />
          {canEdit && <EditorToolbar />}
          {boot.library !== undefined && <LibraryBar library={boot.library} canEdit={canEdit} />}
          <Notices session={session} downloadPath={boot.downloadPath} keeper={keeperOf(boot)} />
          <div className="ow-body">
            <div className="ow-main">
              {canEdit && boot.view === 'pageview' && (
                <div className="ow-ruler">
                  <DocxEditor.HorizontalRuler unit={boot.unit === 'mm' ? 'cm' : 'inch'} />
                </div>
              )}
              <div className="ow-desk">
                <DocxEditor.Navigation />
                <DocxEditor.Viewport className={`ow-viewport${theme === 'dark' ? ' dark' : ''}`}>
                  <DocxEditor.HeaderFooterChrome />
                  <DocxEditor.NotesChrome />
                  <DocxEditor.Content />
                </DocxEditor.Viewport>
                <DocxEditor.PageNumber />
                <DocxEditor.Loading overlay />
                {!isOpen && look !== null && <FirstPage look={look} words="Opening…" />}
              </div>
            </div>
            {panel === 'review' && (
              <ReviewPanel
                session={session}
                canComment={mayComment(permissions)}
                canDecide={permissions['review.changes.resolve']}
                onClose={() => onPanelChange(null)}
              />
            )}
            {panel === 'versions' && boot.versionsPath !== null && (
              <VersionPanel
                session={session}
                versionsPath={boot.versionsPath}
                canRestore={canEdit}
                onClose={() => onPanelChange(null)}
              />
            )}
          </div>
          <p className="of-hidden">F6 goes from the document to the header, the toolbar and the panel.</p>
          <StatusAnnouncer session={session} canSave={boot.canSave && canEdit} keeper={keeperOf(boot)} />
        </div>
        <DocxEditor.OpenFailure />
      </DocxEditor.Root>
    </LocaleProvider>
  );
}

/** Hands the mounted editor to the session: its trees to share, and its caret to read in the editor's own nodes. */
function seat(session: WriterSession, editor: Editor): void {
  const surface = () => (editor as DocxEditorInstance).surface;
  session.seat.lookThrough({
    selection() {
      const selection = surface()?.state().selection;
      if (!selection) return null;
      return {
        anchor: { nodeId: selection.anchor.paragraphId, offset: selection.anchor.offset },
        head: { nodeId: selection.head.paragraphId, offset: selection.head.offset },
      };
    },
    paragraphIds: () => surface()?.session.paragraphIds() ?? [],
    package: () => surface()?.session.currentPackage() ?? null,
    isSuggesting: () => surface()?.editingMode() === 'suggest',
    takeInput: () => surface()?.flushPendingInput(),
  });
  const read = surface()?.session.currentPackage();
  if (read !== undefined) session.editorRead(read);
  // In a frame the keyboard stays with the page around it until the person comes over.
  if (window.parent === window) editor.focus();
}
