"""What LibreOffice does with documents that it trusts: trusting-office.py SOFFICE FILES…, in an empty working folder.

Opens each file with macros, links and updates allowed and writes it as FILE.odt; the proof that a document which does nothing in
the server is one that would. In a folder that has a profile already, the files are opened as the server opens them.
"""

import os
import sys

import office
import uno
from com.sun.star.beans import PropertyValue

NEVER_EXECUTE, ALWAYS_EXECUTE_NO_WARN = 0, 4
NO_UPDATE, FULL_UPDATE = 0, 3
DOCUMENT_OPEN = uno.getConstantByName("com.sun.star.script.vba.VBAEventId.DOCUMENT_OPEN")

program, files = sys.argv[1], sys.argv[2:]
folder = os.getcwd()
user = os.path.join(folder, "profile", "user")
is_trusting = not os.path.exists(user)
if is_trusting:
    os.makedirs(user)
    settings_file = os.path.join(user, "registrymodifications.xcu")
else:
    settings_file = os.devnull
with open(settings_file, "w") as settings:
    settings.write(
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        '<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse">'
        '<value>0</value></prop></item>'
        '<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse">'
        '<value>0</value></prop></item></oor:items>'
    )
process, context = office.start(program)
desktop = office.desktop_of(context)
trust = (
    PropertyValue(Name="MacroExecutionMode", Value=ALWAYS_EXECUTE_NO_WARN if is_trusting else NEVER_EXECUTE),
    PropertyValue(Name="UpdateDocMode", Value=FULL_UPDATE if is_trusting else NO_UPDATE),
)
for name in files:
    # Events of a document reach its macros only where it has a window.
    hidden = PropertyValue(Name="Hidden", Value="macro" not in name)
    document = desktop.loadComponentFromURL("file://" + name, "_blank", 0, trust + (hidden,))
    if ".doc" in name and "macro" in name:
        # Writer looks for its handler of VBA events under a name that this version gave it nowhere; here it is told of the event.
        handler = "com.sun.star.document.vba.VBATextEventProcessor"
        create = context.ServiceManager.createInstanceWithArgumentsAndContext
        if not create(handler, (document,), context).processVbaEvent(DOCUMENT_OPEN, ()):
            sys.exit("%s: no macro for the event" % name)
    if is_trusting:
        document.updateLinks()
    document.storeToURL("file://%s.odt" % name, (PropertyValue(Name="FilterName", Value="writer8"),))
    document.close(True)
office.end(process, context)
