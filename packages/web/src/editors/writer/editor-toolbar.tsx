import { DocxEditor } from '@docx-editor.dev/react';

/** The editor's own bar in one line that folds. Its button for comments opens a pane that we do not use. */
export function EditorToolbar() {
  return (
    <div className="ow-toolbar">
      <DocxEditor.Toolbar>
        <DocxEditor.Toolbar.Comments hidden />
      </DocxEditor.Toolbar>
    </div>
  );
}
