import os
for fd in range(3,1100):
    try: os.set_blocking(fd,False)
    except OSError: pass
output="x"*250000
