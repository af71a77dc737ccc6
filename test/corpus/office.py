"""LibreOffice for scripts of the tests: started in the working folder, with a profile of its own there."""

import os
import subprocess
import time

import uno
from com.sun.star.connection import NoConnectException


def start(program):
    """The running program and its component context, once it answers."""
    pipe = "tests%d" % os.getpid()
    command = [
        program, "--headless", "--norestore", "--nologo", "-env:UserInstallation=file://%s/profile" % os.getcwd(),
        "--accept=pipe,name=%s;urp;" % pipe,
    ]
    process = _launch(command)
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    while True:
        # It ends itself once after it has made a profile.
        if process.poll() is not None:
            process = _launch(command)
        try:
            return process, resolver.resolve("uno:pipe,name=%s;urp;StarOffice.ComponentContext" % pipe)
        except NoConnectException:
            time.sleep(0.1)


def desktop_of(context):
    return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)


def end(process, context):
    try:
        desktop_of(context).terminate()
    except Exception:
        # The link may break before the answer.
        pass
    process.wait()


def _launch(command):
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
