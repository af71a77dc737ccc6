import '../kit/kit.css';
import '../editors/writer/writer.css';
import './viewer.css';
import { lazy, Suspense } from 'react';
import { Opening } from '../editors/writer/opening/opening.js';
import { FullPage } from '../kit/full-page.js';
import { readWriterBoot } from '../shell/boot.js';
import { mountPage } from '../shell/mount.js';
import { themeOf } from '../shell/theme.js';

const ViewerPage = lazy(() => import('./viewer-page.js'));

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
  mountPage(
    document,
    <Suspense fallback={<Opening name={boot.documentName} />}>
      <ViewerPage boot={boot} />
    </Suspense>,
  );
}
