import os
seen = []
for fd in range(3, 64):
    try: seen.append(os.fstat(fd).st_mode)
    except OSError: pass
output = len(seen)
