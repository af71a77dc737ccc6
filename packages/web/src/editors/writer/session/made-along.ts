import {
  numberingRootOf,
  type OoxmlElement,
  type OoxmlNode,
  type OoxmlPackage,
  type TreeDocOp,
} from '@docx-editor.dev/core/store';

type ListKind = 'bullet' | 'ordered';

/** What the editor made in other parts of the file together with its operations, which only name it by number. */
export interface MadeAlong {
  /** Targets of links, by relationship id. */
  readonly links?: Readonly<Record<string, string>>;
  /** Kinds of lists, by `numId`. */
  readonly lists?: Readonly<Record<string, ListKind>>;
}

/** Looks up in the editor's own package what its operations name there. */
export function madeAlong(operations: readonly TreeDocOp[], edited: OoxmlPackage): MadeAlong {
  const links: Record<string, string> = {};
  const lists: Record<string, ListKind> = {};
  for (const operation of operations) {
    switch (operation.op) {
      case 'insertHyperlink':
        addTarget(links, edited, operation.paragraphId, operation.relationshipId);
        break;
      case 'setHyperlinkTarget':
        addTarget(links, edited, operation.linkId, operation.relationshipId);
        break;
      case 'setListNumbering': {
        const kind = operation.numId === null ? null : listKindOf(edited, operation.numId);
        if (operation.numId !== null && kind !== null) lists[operation.numId] = kind;
        break;
      }
    }
  }
  return {
    ...(Object.keys(links).length > 0 ? { links } : {}),
    ...(Object.keys(lists).length > 0 ? { lists } : {}),
  };
}

/** A node's id starts with the name of its part, which owns the relationship. */
function addTarget(
  links: Record<string, string>,
  edited: OoxmlPackage,
  nodeId: string,
  relationshipId: string | undefined,
): void {
  if (relationshipId === undefined) return;
  const owner = nodeId.slice(0, nodeId.indexOf('#'));
  const record = edited.relationships.get(owner)?.find(({ id }) => id === relationshipId);
  if (record !== undefined) links[relationshipId] = record.rawTarget;
}

/** ECMA-376 17.9: a `w:num` points at its `w:abstractNum`, whose first level says how it is numbered. */
function listKindOf(edited: OoxmlPackage, numId: string): ListKind | null {
  const root = numberingRootOf(edited);
  if (root === null) return null;
  const num = childrenOf(root, 'num').find((each) => attributeOf(each, 'numId') === numId);
  const abstractId = num && attributeOf(childrenOf(num, 'abstractNumId')[0], 'val');
  const abstract = childrenOf(root, 'abstractNum').find(
    (each) => attributeOf(each, 'abstractNumId') === abstractId,
  );
  const level = abstract && childrenOf(abstract, 'lvl')[0];
  if (level === undefined) return null;
  return attributeOf(childrenOf(level, 'numFmt')[0], 'val') === 'bullet' ? 'bullet' : 'ordered';
}

function childrenOf(element: OoxmlElement, localName: string): readonly OoxmlElement[] {
  return (element.children as readonly OoxmlNode[]).filter(
    (child): child is OoxmlElement => child.kind !== 'textValue' && child.localName === localName,
  );
}

function attributeOf(element: OoxmlElement | undefined, attribute: string): string | undefined {
  return element?.attributes.find(({ localName }) => localName === attribute)?.value;
}
