"""Writes a document again, protected by a password: protect.py SOFFICE SOURCE TARGET FILTER PASSWORD, in an empty working folder."""

import os
import subprocess
import sys
import time

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException

program, source, target, filter_name, password = sys.argv[1:]
folder = os.getcwd()
pipe = "protect%d" % os.getpid()
command = [
    program, "--headless", "--norestore", "--nologo", "-env:UserInstallation=file://%s/profile" % folder,
    "--accept=pipe,name=%s;urp;" % pipe,
]
office = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
local = uno.getComponentContext()
resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
context = None
while context is None:
    if office.poll() is not None:
        office = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        context = resolver.resolve("uno:pipe,name=%s;urp;StarOffice.ComponentContext" % pipe)
    except NoConnectException:
        time.sleep(0.1)
desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
document = desktop.loadComponentFromURL("file://" + source, "_blank", 0, (PropertyValue(Name="Hidden", Value=True),))
document.storeToURL(
    "file://" + target,
    (PropertyValue(Name="FilterName", Value=filter_name), PropertyValue(Name="Password", Value=password)),
)
document.close(True)
try:
    desktop.terminate()
except Exception:
    pass
office.wait()
