import { DESCRIBED, INCOMING_XML, LISTED, SAVED } from '../present.js';
import {
  attribute,
  choice,
  element,
  type Occurs,
  perhaps,
  schemaOf,
  sequence,
  type ValueType,
  value,
} from './parts.js';

const ENTRY_TYPES: Readonly<Record<(typeof LISTED)[number], ValueType>> = {
  documentId: 'id',
  documentName: 'text',
  version: 'version',
  writePermission: 'flag',
  document_name_url: 'urlName',
  document_locked: 'flag',
  document_blogged: 'flag',
  authorName: 'text',
  lastModifiedTimeDisplayString: 'ago',
  lastModifiedTime: 'time',
  lastModifiedBy: 'text',
  shared_users: 'people',
  created_date: 'time',
  category: 'category',
};

const listed = listOf('documents', LISTED);
const short = [value('documentId', 'id'), value('documentName', 'text')];

/** By the name of the file below `/schema/restapi/`; each describes the answers of the calls that the vendor gave it to. */
export const SCHEMAS: Readonly<Record<string, string>> = {
  incomingdocuments: schemaOf(sequence(listOf('incomingdocuments', INCOMING_XML))),
  documents: schemaOf(choice(listed, element('document', sequence(...entryFields(DESCRIBED))))),
  publicdocuments: schemaOf(sequence(listOf('publicdocuments', LISTED))),
  trasheddocuments: schemaOf(sequence(listOf('trasheddocuments', LISTED))),
  taggeddocuments: schemaOf(sequence(listed)),
  count: schemaOf(
    sequence(element('documents', sequence(value('ownerName', 'text'), value('documentsCount', 'count')))),
  ),
  version: schemaOf(
    sequence(
      element(
        'versiondetails',
        sequence(value('documentId', 'id'), value('version', 'version'), value('updatetime', 'ago')),
        'some',
      ),
    ),
  ),
  share: schemaOf(
    choice(
      element(
        'sharedetail',
        sequence(
          ...short,
          element(
            'EmailShared',
            sequence(value('sharedto', 'people'), value('writepermission', 'flag')),
            'some',
          ),
        ),
      ),
      sequence(...short, element('sharedto', sequence(value('user', 'text', 'some')))),
    ),
  ),
  tags: schemaOf(
    sequence(
      element(
        'tags',
        sequence(element('tag', attribute('name', 'text') + attribute('count', 'count'), 'any')),
      ),
    ),
  ),
  addtags: schemaOf(
    sequence(
      value('documentId', 'id'),
      element('tags', sequence(element('tag', attribute('name', 'text'), 'any'))),
    ),
  ),
  save: schemaOf(sequence(...short, perhaps(...entryFields(SAVED.slice(2))))),
  upload: schemaOf(
    sequence(
      ...short,
      value('documentVersion', 'version'),
      ...entryFields(['version', 'document_name_url', 'authorName', 'created_date']),
    ),
  ),
  content: schemaOf(
    sequence(element('document', sequence(...short, value('version', 'version'), value('content', 'text')))),
  ),
};

function listOf(container: string, fields: readonly (keyof typeof ENTRY_TYPES)[]): string {
  const many: Occurs = 'any';
  return element(container, sequence(element('document', sequence(...entryFields(fields)), many)));
}

function entryFields(fields: readonly (keyof typeof ENTRY_TYPES)[]): string[] {
  return fields.map((field) => value(field, ENTRY_TYPES[field]));
}
