import os
for fd in range(64,1100):
    try: os.dup2(1,fd)
    except OSError: pass
output=3
