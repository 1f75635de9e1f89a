import ctypes
libc = ctypes.CDLL(None)
got = [libc.syscall(56, 1 << bit | 17, 0, 0, 0, 0) for bit in range(8, 32)]
if 0 in got:
    while True: pass
output = sum(g > 0 for g in got)
