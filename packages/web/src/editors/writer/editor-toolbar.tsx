import { DocxEditor } from '@docx-editor.dev/react';

/** The editor's own bar in one scrolling or folding line. */
export function EditorToolbar() {
  return (
    <div className="ow-toolbar">
      <DocxEditor.Toolbar />
    </div>
  );
}
