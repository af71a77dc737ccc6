/**
 * The program that drives LibreOffice, in Python because that is the language it ships its own bridge for. It runs in the worker's folder and
 * beside LibreOffice, in the same sandbox; it takes one job a line on stdin and answers each by one line on stdout.
 */
export const UNO_SCRIPT = String.raw`
import json, os, re, subprocess, sys, threading, time
import uno, unohelper
from com.sun.star.awt import XCallback
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException
from sheets import count_sheets, join_lines, papers_of, part_sheets

FOLDER = os.getcwd()
PIPE = "officina%d%s" % (os.getpid(), os.path.basename(FOLDER))
RESTART_WANTED = 81
# Hundredths of a millimetre; Word takes paper of up to 22 inches.
LEAST_PAPER, MOST_PAPER = 1000, 55880

def start(program):
    return subprocess.Popen([
        program, "--headless", "--invisible", "--nologo", "--norestore", "--nodefault",
        "--nofirststartwizard", "--nolockcheck",
        "-env:UserInstallation=file://%s/profile" % FOLDER,
        "--accept=pipe,name=%s;urp;StarOffice.ComponentContext" % PIPE,
    ], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=sys.stderr)

def connect(program):
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    office = start(program)
    while True:
        ended = office.poll()
        if ended == RESTART_WANTED:
            office = start(program)
        elif ended is not None:
            sys.exit("LibreOffice ended with %s" % ended)
        try:
            context = resolver.resolve("uno:pipe,name=%s;urp;StarOffice.ComponentContext" % PIPE)
            return office, lambda name: context.ServiceManager.createInstanceWithContext(name, context)
        except NoConnectException:
            time.sleep(0.02)

def prop(name, value):
    return PropertyValue(Name=name, Value=value)

def bundle(values):
    pairs = tuple(prop(name, value) for name, value in values.items())
    return uno.Any("[]com.sun.star.beans.PropertyValue", pairs)

def paper_of(path):
    """Width and height of the first page in hundredths of a millimetre; None where the file says it in a packed part."""
    with open(path, "rb") as file:
        box = re.search(rb"/MediaBox\s*\[\s*" + rb"\s+".join([rb"(-?\d*\.?\d+)"] * 4) + rb"\s*\]", file.read())
    if box is None:
        return None
    left, bottom, right, top = (float(side) * 2540 / 72 for side in box.groups())
    width, height = round(abs(right - left)), round(abs(top - bottom))
    return (width, height) if LEAST_PAPER <= min(width, height) and max(width, height) <= MOST_PAPER else None

def place_on_paper(document, paper):
    """What a PDF holds is placed from the edges of its paper, and would be written as if it were from the margins of another."""
    styles = document.getStyleFamilies().getByName("PageStyles")
    for style in (styles.getByIndex(at) for at in range(styles.getCount())):
        if paper:
            style.setPropertyValue("IsLandscape", paper[0] > paper[1])
            style.setPropertyValue("Width", paper[0])
            style.setPropertyValue("Height", paper[1])
        for side in ("LeftMargin", "RightMargin", "TopMargin", "BottomMargin"):
            style.setPropertyValue(side, 0)

def part_into_sheets(document, job, papers):
    pdf, docx = ("%s/%s" % (FOLDER, job[name]) for name in ("source", "target"))
    # Flat, because LibreOffice protects a package by the password of the PDF.
    fodt = docx + ".fodt"
    try:
        document.storeToURL("file://%s" % fodt, (prop("FilterName", "OpenDocument Text Flat XML"),))
        part_sheets(docx, fodt, count_sheets(pdf), papers)
    finally:
        if os.path.exists(fodt):
            os.remove(fodt)

def flatten_pdf(create, job):
    """
    What a PDF holds as flat OpenDocument, in which it can be put together before Writer makes boxes of it, and the paper of each sheet
    where they differ. None where it cannot be read.
    """
    pdf, flat = "file://%s/%s" % (FOLDER, job["source"]), job["source"] + ".fodt"
    files, writer = create("com.sun.star.ucb.SimpleFileAccess"), create("com.sun.star.xml.sax.Writer")
    out = files.openFileWrite("file://%s/%s" % (FOLDER, flat))
    writer.setOutputStream(out)
    source = [prop("URL", pdf), prop("InputStream", files.openFileRead(pdf))]
    if job.get("password"):
        source.append(prop("Password", job["password"]))
    try:
        was_read = create("org.libreoffice.comp.documents.WriterPDFImport").importer(tuple(source), writer, ())
    finally:
        out.closeOutput()
    if not was_read:
        return None, None
    is_mixed = join_lines(os.path.join(FOLDER, flat)) > 1
    reader = os.path.join(os.path.dirname(sys.argv[1]), "xpdfimport")
    papers = papers_of(reader, os.path.join(FOLDER, job["source"]), job.get("password") or "") if is_mixed else None
    return flat, papers

def load(desktop, source, read_as, password):
    arguments = [
        # Merely hidden, a window is made ready for tool bars all the same, which takes a fifth of a small job.
        prop("Hidden", True), prop("HiddenForConversion", True),
        prop("ReadOnly", True), prop("MacroExecutionMode", 0), prop("UpdateDocMode", 0),
    ]
    if read_as:
        arguments.append(prop("FilterName", read_as))
    if password:
        arguments.append(prop("Password", password))
    return desktop.loadComponentFromURL("file://%s/%s" % (FOLDER, source), "_blank", 0, tuple(arguments))

def load_pdf(desktop, create, job):
    """The document, None where it cannot be read, and the papers of its sheets where they differ."""
    flat, papers = flatten_pdf(create, job)
    if flat is None:
        return None, None
    try:
        return load(desktop, flat, "OpenDocument Text Flat XML", None), papers
    finally:
        os.remove(os.path.join(FOLDER, flat))

def convert(desktop, create, job):
    is_pdf, papers = job.get("readAs") == "writer_pdf_import", None
    try:
        if is_pdf:
            document, papers = load_pdf(desktop, create, job)
        else:
            document = load(desktop, job["source"], job.get("readAs"), job.get("password"))
    except Exception as error:
        document, why = None, str(error)
    else:
        why = "LibreOffice cannot read it"
    if document is None:
        return {"ok": False, "why": "unreadable", "message": why[:300]}
    try:
        if not document.supportsService("com.sun.star.text.GenericTextDocument"):
            return {"ok": False, "why": "unreadable", "message": "it is no text document"}
        if is_pdf:
            # Where papers differ, one that all sheets fit on: what stands beyond it would be moved.
            paper = tuple(max(sides) for sides in zip(*papers)) if papers else paper_of("%s/%s" % (FOLDER, job["source"]))
            place_on_paper(document, paper)
        storing = [prop("FilterName", job["writeAs"])]
        if job.get("filterData"):
            storing.append(PropertyValue(Name="FilterData", Value=bundle(job["filterData"])))
        if job.get("filterOptions"):
            storing.append(prop("FilterOptions", job["filterOptions"]))
        document.storeToURL("file://%s/%s" % (FOLDER, job["target"]), tuple(storing))
        if is_pdf:
            part_into_sheets(document, job, papers)
        return {"ok": True}
    except Exception as error:
        return {"ok": False, "why": "unwritable", "message": str(error)[:300]}
    finally:
        try:
            document.close(True)
        except Exception:
            try:
                document.dispose()
            except Exception:
                pass

class Turn(unohelper.Base, XCallback):
    """Work that LibreOffice does in one go on its own first thread, as it does for --convert-to.

    On another thread its windows would get a turn in between, and a LibreOffice without a screen has none: it ends itself over the window
    that every comment wants beside the text.
    """
    def __init__(self, work):
        self.work, self.answer, self.error, self.done = work, None, None, threading.Event()

    def notify(self, _):
        try:
            self.answer = self.work()
        except Exception as error:
            self.error = error
        finally:
            self.done.set()

    def wait(self, office):
        while not self.done.wait(0.2):
            if office.poll() is not None:
                sys.exit("LibreOffice ended with %s" % office.poll())
        if self.error is not None:
            raise self.error
        return self.answer

def main():
    office, create = connect(sys.argv[1])
    desktop, turns = create("com.sun.star.frame.Desktop"), create("com.sun.star.awt.AsyncCallback")
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        job = json.loads(line)
        turn = Turn(lambda: convert(desktop, create, job))
        turns.addCallback(turn, None)
        answer = turn.wait(office)
        if not answer["ok"]:
            # A LibreOffice that broke refuses everything from now on: whoever waits must hear that it is gone.
            desktop.getFrames().getCount()
        print(json.dumps(answer), flush=True)

main()
`;
