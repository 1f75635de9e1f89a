import os
block = b'z' * 65536
for fd in range(64, 1024):
    try:
        while True: os.write(fd, block)
    except OSError: pass
os._exit(0)
