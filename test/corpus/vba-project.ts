import {
  type CompoundNode,
  writeCompoundFile,
} from '../../packages/server/src/convert/encrypted/write-compound-file.js';

/** The files of a VBA project ([MS-OVBA] 2.2) of one module with this code and of an empty one that stands for the document. */
export function vbaProject(code: string): CompoundNode[] {
  const modules = [
    { name: 'ThisDocument', type: DOCUMENT_MODULE, code: '' },
    { name: 'Reach', type: PROCEDURAL_MODULE, code },
  ];
  const project =
    'ID="{00000000-0000-0000-0000-000000000000}"\r\nDocument=ThisDocument/&H00000000\r\nModule=Reach\r\nName="Project"\r\n' +
    'HelpContextID="0"\r\nVersionCompatible32="393222000"\r\n';
  return [
    {
      name: 'VBA',
      children: [
        { name: 'dir', bytes: compressed(directoryOf(modules)) },
        { name: '_VBA_PROJECT', bytes: Buffer.from('cc61ffff000000', 'hex') },
        ...modules.map(({ name, code: own }) => ({
          name,
          bytes: compressed(ansi(`Attribute VB_Name = "${name}"\r\n${own}`)),
        })),
      ],
    },
    { name: 'PROJECT', bytes: ansi(project) },
  ];
}

/** The same as the file that lies in a docm. */
export function vbaProjectFile(code: string): Buffer {
  return writeCompoundFile(vbaProject(code));
}

const PROCEDURAL_MODULE = 0x21;
const DOCUMENT_MODULE = 0x22;
const WINDOWS_1252 = 1252;
const UNITED_STATES = 0x0409;

/** The records of the stream `dir` ([MS-OVBA] 2.3.4.2), in the order that is asked for. */
function directoryOf(modules: readonly { name: string; type: number }[]): Buffer {
  const parts = [
    ...[record(0x01, long(1)), record(0x02, long(UNITED_STATES)), record(0x14, long(UNITED_STATES))],
    ...[record(0x03, short(WINDOWS_1252)), record(0x04, ansi('Project'))],
    ...[record(0x05, NOTHING), record(0x40, NOTHING), record(0x06, NOTHING), record(0x3d, NOTHING)],
    ...[record(0x07, long(0)), record(0x08, long(0))],
    // The version has six bytes and says that it has four.
    ...[short(0x09), long(4), long(1), short(1)],
    ...[record(0x0c, NOTHING), record(0x3c, NOTHING)],
    ...[record(0x0f, short(modules.length)), record(0x13, short(0xffff))],
    ...modules.flatMap(({ name, type }) => [
      ...[
        record(0x19, ansi(name)),
        record(0x47, wide(name)),
        record(0x1a, ansi(name)),
        record(0x32, wide(name)),
      ],
      ...[record(0x1c, NOTHING), record(0x48, NOTHING), record(0x31, long(0)), record(0x1e, long(0))],
      ...[record(0x2c, short(0xffff)), record(type, NOTHING), record(0x2b, NOTHING)],
    ]),
    record(0x10, NOTHING),
  ];
  return Buffer.concat(parts);
}

const NOTHING = Buffer.alloc(0);

function record(id: number, content: Buffer): Buffer {
  return Buffer.concat([short(id), long(content.length), content]);
}

function short(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function long(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function ansi(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

function wide(text: string): Buffer {
  return Buffer.from(text, 'utf16le');
}

/** So much that a chunk of literals alone stays below the 4,096 bytes that its head can name. */
const CHUNK_BYTES = 3_600;
const LITERALS = 8;

/** As the format keeps its streams ([MS-OVBA] 2.4.1): chunks of tokens, all of which stand for themselves here. */
function compressed(bytes: Buffer): Buffer {
  if (bytes.length > CHUNK_BYTES)
    throw new RangeError('More than one chunk, and only the last may be short.');
  const tokens: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += LITERALS)
    tokens.push(Buffer.of(0), bytes.subarray(at, at + LITERALS));
  const chunk = Buffer.concat(tokens);
  return Buffer.concat([Buffer.of(1), short(0xb000 | (chunk.length - 1)), chunk]);
}
