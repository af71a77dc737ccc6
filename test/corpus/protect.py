"""Writes a document again, protected by a password: protect.py SOFFICE SOURCE TARGET FILTER PASSWORD, in an empty working folder."""

import sys

import office
from com.sun.star.beans import PropertyValue

program, source, target, filter_name, password = sys.argv[1:]
process, context = office.start(program)
desktop = office.desktop_of(context)
document = desktop.loadComponentFromURL("file://" + source, "_blank", 0, (PropertyValue(Name="Hidden", Value=True),))
document.storeToURL(
    "file://" + target,
    (PropertyValue(Name="FilterName", Value=filter_name), PropertyValue(Name="Password", Value=password)),
)
document.close(True)
office.end(process, context)
