/**
 * What of a PDF is on which of its sheets, LibreOffice knows and writes into OpenDocument; in a docx all of it hangs on the first paragraph. This
 * parts that paragraph: one for each sheet, each on a page of its own. In Python, beside the driver, so that a large file costs nobody
 * else anything. The docx is LibreOffice's own; of files from outside nothing comes here.
 */
export const SHEETS_SCRIPT = String.raw`
import os, re, zipfile
from xml.parsers import expat

PARAGRAPH = ["w:document", "w:body", "w:p"]
RUN = PARAGRAPH + ["w:r"]
# LibreOffice counts the places in the stack from 0, and writes them into a docx from 2.
LOWEST = 2

def sheets_of(fodt):
    """By place in the stack: the sheet on which a thing hangs, from 1."""
    with open(fodt, encoding="utf-8") as file:
        content = file.read()
    found = {}
    for tag in re.findall(r'<draw:[\w-]+ [^>]*text:anchor-page-number="[^>]*>', content):
        sheet = re.search(r' text:anchor-page-number="(\d+)"', tag)
        place = re.search(r' draw:z-index="(\d+)"', tag)
        if sheet and place:
            found[int(place.group(1))] = int(sheet.group(1))
    return found

class FirstParagraph:
    """Where it begins and ends in the XML, and what hangs in its runs: pairs of a place in the stack, None where it has none, and the XML."""
    def __init__(self, xml):
        self.begin = self.end = None
        self.things = []
        self._xml, self._open, self._from, self._place = xml, [], 0, None
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler, self._parser.EndElementHandler = self._opened, self._closed
        self._parser.Parse(xml, True)

    def _opened(self, name, attributes):
        if self.end is None:
            if self.begin is None and self._open + [name] == PARAGRAPH:
                self.begin = self._parser.CurrentByteIndex
            elif self._open == RUN:
                self._from, self._place = self._parser.CurrentByteIndex, None
            if name == "wp:anchor" and self._place is None:
                self._place = int(attributes["relativeHeight"]) - LOWEST
        self._open.append(name)

    def _closed(self, name):
        self._open.pop()
        if self.end is not None:
            return
        end = self._xml.index(b">", self._parser.CurrentByteIndex) + 1
        if self._open == RUN and name != "w:rPr":
            self.things.append((self._place, self._xml[self._from:end]))
        elif self._open + [name] == PARAGRAPH:
            self.end = end

def on_paper(thing):
    """Placed from the edges of its sheet, and in nobody's way: the paragraph that it hangs on is not to flow around it."""
    thing = re.sub(rb'(<wp:position[HV] relativeFrom=")(?:column|paragraph)"', rb'\1page"', thing)
    thing = thing.replace(b'<wp:wrapSquare wrapText="bothSides"/>', b"<wp:wrapNone/>")
    # The same once more for Word 2007, two fifths of the whole.
    return re.sub(rb"<mc:Fallback>.*?</mc:Fallback>", b"", thing, flags=re.S)

# What LibreOffice writes for a line of text, as far as it is nothing but that.
LINE = re.compile(
    rb'^<mc:AlternateContent>.*?<wp:posOffset>(-?\d+)</wp:posOffset>.*?<wp:posOffset>(-?\d+)</wp:posOffset>.*?'
    rb'<wp:extent cx="(\d+)" cy="(\d+)"/>.*?<wps:cNvSpPr txBox="1"/>.*?<a:xfrm><a:off x="0" y="0"/><a:ext cx="\d+" cy="\d+"/></a:xfrm>'
    rb'.*?<a:noFill/><a:ln w="0"><a:noFill/></a:ln></wps:spPr><wps:txbx><w:txbxContent>'
    rb'(<w:p><w:pPr>(?:(?!<w:(?:spacing|ind|jc)\b|<w:p>).)*</w:p>)</w:txbxContent></wps:txbx>', re.S)
TWIP = 635

class Block:
    """Lines of a text one below the other, in one box instead of many: hundreds of boxes cost minutes, and text is edited by paragraphs."""
    def __init__(self, thing, line):
        self._thing = thing
        self._x, self._top, self._width, self._height = (int(line.group(at)) for at in (1, 2, 3, 4))
        self._last, self._lead, self._lines = self._top, None, [line.group(5)]

    def takes(self, line):
        x, y, width, height = (int(line.group(at)) for at in (1, 2, 3, 4))
        lead = y - self._last
        fits = (abs(x - self._x) <= 10 * TWIP and abs(height - self._height) <= self._height // 20
                and self._height * 9 <= lead * 10 <= self._height * 15
                and abs(lead - (self._lead or lead)) <= 5 * TWIP)
        if fits:
            self._lead = self._lead or lead
            self._last, self._width = y, max(self._width, width)
            self._lines.append(line.group(5))
        return fits

    def xml(self):
        if len(self._lines) == 1:
            return self._thing
        lead = (self._last - self._top) // (len(self._lines) - 1)
        spacing = b'<w:spacing w:before="0" w:after="0" w:line="%d" w:lineRule="exact"/><w:rPr>' % round(lead / TWIP)
        lines = b"".join(line.replace(b"<w:rPr>", spacing, 1) for line in self._lines)
        content = re.sub(rb"(<w:txbxContent>).*?(</w:txbxContent>)", lambda found: found.group(1) + lines + found.group(2),
                         self._thing, 1, re.S)
        size = b' cx="%d" cy="%d"/>' % (self._width, self._last - self._top + self._height)
        return re.sub(rb'(<(?:wp:extent|a:ext)) cx="\d+" cy="\d+"/>', rb"\1" + size, content)

def in_blocks(things):
    blocks, last = [], None
    for thing in things:
        line = LINE.match(thing)
        if line and last and last.takes(line):
            continue
        last = Block(thing, line) if line else None
        blocks.append(last or thing)
    return b"".join(block.xml() if isinstance(block, Block) else block for block in blocks)

def count_sheets(pdf):
    """As many as the PDF says it has, blank ones too; 0 where it says so in a packed part."""
    with open(pdf, "rb") as file:
        trees = re.findall(rb"\d obj\b((?:(?!endobj).)*?/Type\s*/Pages\b.*?)endobj", file.read(), re.S)
    counts = [int(count) for tree in trees for count in re.findall(rb"/Count\s+(\d{1,4})\b", tree)]
    return max(counts, default=0)

def part_sheets(docx, fodt, count):
    """Rewrites the docx so that what was on a sheet of the PDF is on a page of its own."""
    sheets = sheets_of(fodt)
    with zipfile.ZipFile(docx) as file:
        parts = [(name, file.read(name)) for name in file.namelist()]
    xml = dict(parts)["word/document.xml"]
    first = FirstParagraph(xml)
    hanging = [[] for _ in range(max(1, count, *sheets.values()))]
    sheet = 1
    for place, thing in first.things:
        # What has no place in the stack stands beside what was written before it.
        sheet = sheets.get(place, sheet)
        hanging[sheet - 1].append(on_paper(thing))
    paragraphs = [
        b'<w:p><w:pPr><w:pStyle w:val="Normal"/>%s<w:spacing w:before="0" w:after="0"/></w:pPr><w:r>%s</w:r></w:p>'
        % (b"<w:pageBreakBefore/>" if at > 0 else b"", in_blocks(things))
        for at, things in enumerate(hanging)
    ]
    parted = xml[:first.begin] + b"".join(paragraphs) + xml[first.end:]
    with zipfile.ZipFile(docx + ".parted", "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts:
            file.writestr(name, parted if name == "word/document.xml" else content)
    os.replace(docx + ".parted", docx)
`;
