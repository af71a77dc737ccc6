import '../../kit/kit.css';
import './writer.css';
import { lazy, Suspense } from 'react';
import { FullPage } from '../../kit/full-page.js';
import { readWriterBoot } from '../../shell/boot.js';
import { mountPage } from '../../shell/mount.js';
import { themeOf } from '../../shell/theme.js';
import { Opening } from './opening.js';

// The editor itself is large: the page shows its name and a spinner while it comes, from cache the second time.
const WriterPage = lazy(() => import('./writer-page.js'));

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
      <WriterPage boot={boot} />
    </Suspense>,
  );
}
