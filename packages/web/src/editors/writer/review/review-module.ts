import type { EditorModule } from '@docx-editor.dev/core/contracts/modules';
import { collectReviewItems, findNode, revisionItemsOf } from '@docx-editor.dev/core/store';

/**
 * Tracked changes and comments, from the public functions of the core: what the queue holds, and that changes are shown
 * as such.
 */
export const reviewModule: EditorModule = {
  id: 'officina-review',
  review: {
    displayModes: ['all-markup', 'simple-markup', 'proposed', 'original'],
    pane: { opening: 'manual' },
    collectReviewItems,
    revisionItemsOfParagraph(part, paragraphId) {
      const paragraph = findNode(part, paragraphId);
      if (paragraph === null || paragraph.kind === 'textValue') return [];
      // A part whose root is the paragraph: the walk costs the paragraph, not the document.
      return revisionItemsOf({ ...part, root: paragraph });
    },
  },
};
