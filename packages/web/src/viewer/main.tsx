import '../kit/kit.css';
import '../editors/writer/writer.css';
import './viewer.css';
import { lazy, Suspense } from 'react';
import { startEarly } from '../editors/writer/opening/early-document.js';
import { Opening } from '../editors/writer/opening/opening.js';
import { FullPage } from '../kit/full-page.js';
import { readWriterBoot } from '../shell/boot.js';
import { mountPage } from '../shell/mount.js';
import { themeOf } from '../shell/theme.js';

const boot = readWriterBoot(document);

if (boot === null) {
  mountPage(
    document,
    <FullPage icon="warning" title="There is no document here">
      <p>This page was opened without a session. Go back to the application and open the document again.</p>
    </FullPage>,
  );
} else {
  document.documentElement.dataset.theme = themeOf(boot.ui.darkMode, document);
  const early = startEarly(boot.contentPath, window);
  // What shows the document is large, and nothing is painted while it starts.
  const ViewerPage = lazy(async () => {
    await early?.painted;
    return import('./viewer-page.js');
  });
  mountPage(
    document,
    <Suspense fallback={<Opening name={boot.documentName} early={early} isReading />}>
      <ViewerPage boot={boot} early={early} />
    </Suspense>,
  );
}
