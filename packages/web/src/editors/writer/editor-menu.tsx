import { DocxEditor } from '@docx-editor.dev/react';
import type { WriterBoot } from '@officina/protocol';

/** The editor's menus. Opening another file has no place in a session, and there is no vendor's help. */
export function EditorMenu({ boot }: { boot: WriterBoot }) {
  const { Menu } = DocxEditor;
  return (
    <Menu reportIssue={false} preset={false}>
      {boot.ui.fileMenu && (
        <Menu.Menu id="file" preset={false}>
          {boot.canSave && <Menu.Save />}
          {boot.permissions['document.print'] && <Menu.Print />}
          <Menu.PageSetup />
        </Menu.Menu>
      )}
      <Menu.Format />
      <Menu.Insert />
    </Menu>
  );
}
