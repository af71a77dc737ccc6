import { Component, type ReactNode, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Button } from '../kit/button.js';
import { FullPage } from '../kit/full-page.js';

/** Mounts a page into the shell that the server sent; what is thrown while rendering becomes a page of its own. */
export function mountPage(page: Document, content: ReactNode): void {
  let root = page.getElementById('officina-root');
  if (root === null) {
    root = page.createElement('div');
    root.id = 'officina-root';
    page.body.append(root);
  }
  createRoot(root).render(
    <StrictMode>
      <FailureBoundary>{content}</FailureBoundary>
    </StrictMode>,
  );
}

class FailureBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    if (!this.state.failed) return this.props.children;
    return (
      <FullPage
        icon="warning"
        title="The editor stopped"
        actions={
          <Button tone="accent" onClick={() => window.location.reload()}>
            Reload
          </Button>
        }
      >
        <p>
          Something went wrong in this window. What you typed is on the server or kept in this browser;
          reloading brings it back.
        </p>
      </FullPage>
    );
  }
}
