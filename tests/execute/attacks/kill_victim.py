import os, signal
last = None
for pid in range(1, 40_000):
    try:
        os.kill(pid, signal.SIGSTOP)
    except OSError as error:
        last = error
raise last
