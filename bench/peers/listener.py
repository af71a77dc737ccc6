"""One warm LibreOffice that listens, and its client: listener.py SOFFICE SOURCE TARGET, in an empty working folder.

Each line of stdin is a number of jobs, docx to pdf one after the other; each is answered by a line when they are done.
"""

import sys

import office
from com.sun.star.beans import PropertyValue

program, source, target = sys.argv[1:]
process, context = office.start(program)
desktop = office.desktop_of(context)
for line in sys.stdin:
    for _ in range(int(line)):
        hidden = PropertyValue(Name="Hidden", Value=True)
        document = desktop.loadComponentFromURL("file://" + source, "_blank", 0, (hidden,))
        document.storeToURL("file://" + target, (PropertyValue(Name="FilterName", Value="writer_pdf_Export"),))
        document.close(True)
    print("done", flush=True)
office.end(process, context)
