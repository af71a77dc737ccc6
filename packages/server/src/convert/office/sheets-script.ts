/**
 * What of a PDF is on which of its sheets, LibreOffice knows and writes into OpenDocument; in a docx all of it hangs on the first paragraph. This
 * parts that paragraph: one for each sheet, each on a page of its own. In Python, beside the driver, so that a large file costs nobody
 * else anything. The docx is LibreOffice's own; of files from outside nothing comes here.
 */
export const SHEETS_SCRIPT = String.raw`
import os, re, subprocess, zipfile
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
    if b'<wps:cNvSpPr txBox="1"/>' in thing and b"<a:xfrm>" in thing:
        # It is as wide as its longest line, to the hair: in another program that would break, and hide the last one.
        thing = re.sub(rb'(<(?:wp:extent|a:ext)) cx="(\d+)"', lambda found: b'%s cx="%d"' % (found.group(1), int(found.group(2)) * 103 // 100), thing)
    # The same once more for Word 2007, two fifths of the whole.
    return re.sub(rb"<mc:Fallback>.*?</mc:Fallback>", b"", thing, flags=re.S)

FRAME = re.compile(r"<draw:frame ([^>]*)><draw:text-box>(<text:p>(?:(?!<text:p>).)*</text:p>)</draw:text-box></draw:frame>", re.S)
PLACE = re.compile(r"^translate\( (-?[\d.]+)mm (-?[\d.]+)mm \)$")
FONT_SIZE = re.compile(r'<style:style style:name="([^"]*)" style:family="text"><style:text-properties [^>]*\bfo:font-size="([\d.]+)pt"')
MM_PER_PT = 25.4 / 72
# Most fonts want a fifth more than their size.
HEIGHT_PER_SIZE = 1.2
SAME_EDGE_MM, SAME_LEAD_MM = 0.18, 0.09

class Block:
    """Lines of a text one below the other, in one box instead of many: thousands of boxes cost minutes, and text is edited by paragraphs."""
    def __init__(self, frame, line, x, y, height, page):
        self._frame, self._lines = frame, [line]
        self._x, self._last, self._first, self._height, self._page = x, y, y, height, page

    def takes(self, line, x, y, height, page):
        lead = y - self._last
        usual = (self._last - self._first) / (len(self._lines) - 1) if len(self._lines) > 1 else lead
        fits = (page == self._page and abs(x - self._x) <= SAME_EDGE_MM
                and abs(height - self._height) <= self._height / 20
                and self._height * 0.9 <= lead <= self._height * 1.5 and abs(lead - usual) <= SAME_LEAD_MM)
        if fits:
            self._last = y
            self._lines.append(line)
        return fits

    def xml(self, leads):
        if len(self._lines) == 1:
            return self._frame
        lead = "%.2f" % ((self._last - self._first) / (len(self._lines) - 1))
        style = '<text:p text:style-name="%s">' % leads.setdefault(lead, "lead%d" % len(leads))
        lines = "".join(line.replace("<text:p>", style, 1) for line in self._lines)
        return self._frame.replace(self._lines[0], lines, 1)

def join_lines(fodt):
    """Joins what LibreOffice took out of a PDF line by line, before it makes a box of each. Returns how many kinds of paper there are."""
    with open(fodt, encoding="utf-8") as file:
        content = file.read()
    sizes = {name: float(size) for name, size in FONT_SIZE.findall(content)}
    pieces, leads, end = [], {}, 0
    for found in FRAME.finditer(content):
        attributes = dict(re.findall(r'([\w:-]+)="([^"]*)"', found.group(1)))
        place = PLACE.match(attributes.get("draw:transform", ""))
        fonts = [sizes.get(name, 0) for name in re.findall(r'<text:span text:style-name="([^"]*)"', found.group(2))]
        height = max(fonts, default=0) * HEIGHT_PER_SIZE * MM_PER_PT
        line = place and (found.group(2), float(place.group(1)), float(place.group(2)), height,
                          attributes.get("text:anchor-page-number"))
        # Only what stands side by side in the file: order tells what lies above what.
        follows = found.start() == end and pieces and isinstance(pieces[-1], Block)
        if not (line and follows and pieces[-1].takes(*line)):
            pieces.append(content[end:found.start()])
            pieces.append(Block(found.group(0), *line) if line else found.group(0))
        end = found.end()
    joined = "".join(piece.xml(leads) if isinstance(piece, Block) else piece for piece in pieces) + content[end:]
    styles = "".join(
        '<style:style style:name="%s" style:family="paragraph"><style:paragraph-properties fo:margin-top="0mm" '
        'fo:margin-bottom="0mm" fo:line-height="%smm"/></style:style>' % (name, lead) for lead, name in leads.items())
    with open(fodt, "w", encoding="utf-8") as file:
        file.write(joined.replace("</office:automatic-styles>", styles + "</office:automatic-styles>", 1))
    return content.count("<style:page-layout ")

def papers_of(reader, pdf, password):
    """Width and height of each sheet in hundredths of a millimetre, by LibreOffice's own reader of PDF; None where it does not say."""
    counts, sheets = [], []
    with subprocess.Popen([reader, pdf, os.devnull], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL) as reading:
        reading.stdin.write(password.encode() + b"\n")
        reading.stdin.close()
        # Everything else on the sheets comes by here, too, pictures included.
        for line in reading.stdout:
            counts += re.findall(rb"^setPageNum (\d+)$", line)
            sheets += re.findall(rb"^startPage ([\d.]+) ([\d.]+)$", line)
    if not counts or len(sheets) != int(counts[-1]):
        return None
    # In hundredths of a point.
    return [tuple(round(float(side) * 25.4 / 72) for side in sheet) for sheet in sheets]

def count_sheets(pdf):
    """As many as the PDF says it has, blank ones too; 0 where it says so in a packed part."""
    with open(pdf, "rb") as file:
        trees = re.findall(rb"\d obj\b((?:(?!endobj).)*?/Type\s*/Pages\b.*?)endobj", file.read(), re.S)
    counts = [int(count) for tree in trees for count in re.findall(rb"/Count\s+(\d{1,4})\b", tree)]
    return max(counts, default=0)

def on_sheet_of(section, paper):
    """A section of LibreOffice's with another paper."""
    width, height = (round(side * 1440 / 2540) for side in paper)
    turned = b' w:orient="landscape"' if width > height else b""
    return re.sub(rb"<w:pgSz [^>]*/>", b'<w:pgSz w:w="%d" w:h="%d"%s/>' % (width, height, turned), section, 1)

def part_sheets(docx, fodt, count, papers):
    """
    Rewrites the docx so that what was on a sheet of the PDF is on a page of its own, and of its own paper where papers are given.
    """
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
    rest = xml[first.end:]
    section = re.search(rb"<w:sectPr[ >].*?</w:sectPr>", rest, re.S)
    if papers is None or section is None or len(papers) != len(hanging):
        papers = [None] * len(hanging)
    else:
        rest = rest.replace(section.group(0), on_sheet_of(section.group(0), papers[-1]), 1)
    paragraphs = []
    for at, things in enumerate(hanging):
        breaks = b"<w:pageBreakBefore/>" if at > 0 and papers[at] == papers[at - 1] else b""
        ends = on_sheet_of(section.group(0), papers[at]) if papers[at] != papers[min(at + 1, len(papers) - 1)] else b""
        paragraphs.append(
            b'<w:p><w:pPr><w:pStyle w:val="Normal"/>%s<w:spacing w:before="0" w:after="0"/>%s</w:pPr><w:r>%s</w:r></w:p>'
            % (breaks, ends, b"".join(things)))
    parted = xml[:first.begin] + b"".join(paragraphs) + rest
    with zipfile.ZipFile(docx + ".parted", "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts:
            file.writestr(name, parted if name == "word/document.xml" else content)
    os.replace(docx + ".parted", docx)
`;
