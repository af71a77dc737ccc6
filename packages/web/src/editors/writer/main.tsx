import '../../kit/kit.css';
import './writer.css';
import { lazy, Suspense } from 'react';
import { FullPage } from '../../kit/full-page.js';
import { readWriterBoot } from '../../shell/boot.js';
import { mountPage } from '../../shell/mount.js';
import { themeOf } from '../../shell/theme.js';
import { startEarly } from './opening/early-document.js';
import { Opening } from './opening/opening.js';

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
  const early = startEarly(boot.untouchedPath, window);
  // The editor itself is large, and nothing is painted while it starts: what can be shown before stands there first.
  const WriterPage = lazy(async () => {
    await early?.painted;
    return import('./writer-page.js');
  });
  mountPage(
    document,
    <Suspense fallback={<Opening name={boot.documentName} early={early} />}>
      <WriterPage boot={boot} early={early} />
    </Suspense>,
  );
}
