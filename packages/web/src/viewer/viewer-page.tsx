import '@docx-editor.dev/react/styles.css';
import { DocxEditor, LocaleProvider } from '@docx-editor.dev/react';
import type { WriterBoot } from '@officina/protocol';
import { useEffect, useMemo, useState } from 'react';
import { createFontResolver } from '../editors/writer/fonts.js';
import { formatMoment } from '../editors/writer/format-time.js';
import { useInterfaceLanguage } from '../editors/writer/interface-language.js';
import type { EarlyDocument } from '../editors/writer/opening/early-document.js';
import { FirstPage } from '../editors/writer/opening/first-page.js';
import { Opening } from '../editors/writer/opening/opening.js';
import { useFirstLook } from '../editors/writer/opening/use-first-look.js';
import { reviewModule } from '../editors/writer/review/review-module.js';
import { Button } from '../kit/button.js';
import { FullPage } from '../kit/full-page.js';
import { Icon } from '../kit/icon.js';
import { Notice } from '../kit/notice.js';
import { hostPageOf } from '../shell/host-page.js';
import { followTheme, type Theme, themeOf } from '../shell/theme.js';
import { PrintButton } from './print-button.js';
import { printPathOf } from './printing.js';
import { ZoomButtons } from './zoom-buttons.js';

type Content =
  | { state: 'fetching' }
  | { state: 'here'; bytes: Uint8Array }
  | { state: 'missing'; isEnded: boolean };

const MODULES = [reviewModule];

interface ViewerPageProps {
  readonly boot: WriterBoot;
  readonly early: EarlyDocument | null;
}

/** The document as it is now, to be read: no room, no caret, nothing to save. */
export default function ViewerPage({ boot, early }: ViewerPageProps) {
  const content = useContent(boot.contentPath, early);
  switch (content.state) {
    case 'fetching':
      return <Opening name={boot.documentName} early={early} isReading />;
    case 'here':
      return <Reader boot={boot} bytes={content.bytes} early={early} />;
    case 'missing':
      return <Missing isEnded={content.isEnded} />;
    default:
      return content satisfies never;
  }
}

function useContent(path: string, early: EarlyDocument | null): Content {
  const [content, setContent] = useState<Content>({ state: 'fetching' });
  useEffect(() => {
    const abort = new AbortController();
    void fetchContent(path, early, abort.signal).then((found) => {
      if (!abort.signal.aborted) setContent(found);
    });
    return () => abort.abort();
  }, [path, early]);
  return content;
}

async function fetchContent(
  path: string,
  early: EarlyDocument | null,
  signal: AbortSignal,
): Promise<Content> {
  // Why it did not come is not known of what was fetched early: then it is asked for once more.
  const bytes = await early?.take(path)?.catch(() => null);
  if (bytes) return { state: 'here', bytes };
  try {
    const answer = await fetch(path, { signal });
    if (answer.ok) return { state: 'here', bytes: new Uint8Array(await answer.arrayBuffer()) };
    return { state: 'missing', isEnded: answer.status < 500 };
  } catch {
    // The network, or the page being left: both read the same to a person.
    return { state: 'missing', isEnded: false };
  }
}

function Reader({ boot, bytes, early }: ViewerPageProps & { readonly bytes: Uint8Array }) {
  const [theme, setTheme] = useState<Theme>(() => themeOf(boot.ui.darkMode, window.document));
  const language = useInterfaceLanguage(boot.interfaceLanguage);
  const [refusal, setRefusal] = useState<string | null>(null);
  const fonts = useMemo(() => createFontResolver(boot.fontPath), [boot.fontPath]);
  const printPath = printPathOf(boot);
  const look = useFirstLook(early);
  const [isOpen, setOpen] = useState(false);
  useEffect(() => followTheme(boot.ui.darkMode, window.document, setTheme), [boot.ui.darkMode]);

  return (
    <LocaleProvider {...(language === undefined ? {} : { i18n: language })}>
      <DocxEditor.Root
        document={bytes}
        fonts={fonts}
        modules={MODULES}
        mode="view"
        colorMode={theme}
        locale={boot.interfaceLanguage}
        onReady={() => {
          setOpen(true);
          hostPageOf(window).tell({ type: 'officina:ready', sessionId: boot.sessionId });
        }}
      >
        <div className={`ow-workbench docx-editor${theme === 'dark' ? ' dark' : ''}`}>
          <header className="ow-header">
            <span className="ow-mark">
              <Icon name="document" size={22} />
            </span>
            <div className="ow-title">
              <div className="ow-name">
                <h1 title={boot.documentName}>{boot.documentName}</h1>
                <span className="ow-badge">{badgeOf(boot)}</span>
              </div>
            </div>
            <ZoomButtons />
            {printPath !== null && <PrintButton path={printPath} onRefused={setRefusal} />}
            {boot.downloadPath !== null && (
              <a
                className="of-button ov-action"
                href={boot.downloadPath}
                download=""
                aria-label="Download"
                title="Download"
              >
                <Icon name="download" size={16} />
                <span className="ov-words">Download</span>
              </a>
            )}
          </header>
          {refusal !== null && (
            <Notice tone="warn" actions={<Button onClick={() => setRefusal(null)}>Close</Button>}>
              {refusal}
            </Notice>
          )}
          <div className="ow-desk">
            <DocxEditor.Navigation />
            <DocxEditor.Viewport className={`ow-viewport${theme === 'dark' ? ' dark' : ''}`}>
              <DocxEditor.Content />
            </DocxEditor.Viewport>
            <DocxEditor.PageNumber />
            <DocxEditor.Loading overlay />
            {!isOpen && look !== null && <FirstPage look={look} words="Opening…" />}
          </div>
        </div>
        <DocxEditor.OpenFailure />
      </DocxEditor.Root>
    </LocaleProvider>
  );
}

/** An earlier state must not be taken for the document as it is now. */
function badgeOf({ version }: WriterBoot): string {
  if (version === null) return 'Preview';
  const at = formatMoment(version.savedAt);
  return version.number === null ? `As of ${at}, not saved` : `Version ${version.number}, saved ${at}`;
}

function Missing({ isEnded }: { isEnded: boolean }) {
  return isEnded ? (
    <FullPage icon="end" title="This preview has ended">
      <p>Open the document again from the application.</p>
    </FullPage>
  ) : (
    <FullPage
      icon="warning"
      title="The document could not be fetched"
      actions={
        <Button tone="accent" onClick={() => window.location.reload()}>
          Try again
        </Button>
      }
    >
      <p>The server did not answer. It may be restarting.</p>
    </FullPage>
  );
}
