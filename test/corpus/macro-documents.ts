import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { readCompoundFile } from '../../packages/server/src/convert/encrypted/compound-file.js';
import { writeCompoundFile } from '../../packages/server/src/convert/encrypted/write-compound-file.js';
import { makeDocument } from './make.js';
import type { ReachingDocument } from './reaching-documents.js';
import { vbaProject, vbaProjectFile } from './vba-project.js';

/** Documents of Word whose macro runs when they are opened and leaves a file behind: `MARK.macro.doc`, `MARK.macro.docm`. */
export function macroDocuments(plainDoc: Uint8Array, mark: string): ReachingDocument[] {
  return [
    { name: 'macro.doc', bytes: macroDoc(plainDoc, `${mark}.macro.doc`) },
    { name: 'macro.docm', bytes: macroDocm(`${mark}.macro.docm`) },
  ];
}

/** `AutoOpen` is what Word runs for a document that was opened. */
function autoOpen(mark: string): string {
  return `Sub AutoOpen()\r\n  Open "${mark}" For Output As #1\r\n  Print #1, "ran"\r\n  Close #1\r\nEnd Sub\r\n`;
}

function macroDocm(mark: string): Uint8Array {
  const parts = unzipSync(makeDocument('plain'));
  const change = (name: string, from: string, to: string): Record<string, Uint8Array> => {
    const xml = strFromU8(parts[name] ?? new Uint8Array());
    if (!xml.includes(from)) throw new Error(`${name} has no ${from}`);
    return { [name]: strToU8(xml.replace(from, to)) };
  };
  const type = 'application/vnd.ms-office.vbaProject';
  const relation = 'http://schemas.microsoft.com/office/2006/relationships/vbaProject';
  return zipSync({
    ...parts,
    ...change(
      '[Content_Types].xml',
      '</Types>',
      `<Override PartName="/word/vbaProject.bin" ContentType="${type}"/></Types>`,
    ),
    ...change(
      'word/_rels/document.xml.rels',
      '</Relationships>',
      `<Relationship Id="rMacro" Type="${relation}" Target="vbaProject.bin"/></Relationships>`,
    ),
    'word/vbaProject.bin': vbaProjectFile(autoOpen(mark)),
  });
}

/** The same project in the storage that Word 97 keeps it in. */
function macroDoc(plainDoc: Uint8Array, mark: string): Uint8Array {
  const plain = readCompoundFile(plainDoc);
  const streams = ['WordDocument', '1Table', 'Data'].flatMap((name) => {
    const bytes = plain.get(name);
    return bytes ? [{ name, bytes }] : [];
  });
  return writeCompoundFile([...streams, { name: 'Macros', children: vbaProject(autoOpen(mark)) }]);
}
