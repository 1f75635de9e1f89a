import fcntl
import os
import signal
import socket

here, there = socket.socketpair()
fcntl.fcntl(here, 0o12, signal.SIGKILL)  # F_SETSIG
fcntl.fcntl(here, fcntl.F_SETOWN, os.getppid())
fcntl.fcntl(here, fcntl.F_SETFL, os.O_ASYNC)
os.write(there.fileno(), b"x")
output = 1
