import ctypes
libc = ctypes.CDLL(None, use_errno=True)
how = (ctypes.c_uint64 * 3)(0o101, 0o644, 0)
fd = libc.syscall(437, -100, b'@CANARY@/openat2.txt', how, 24)
output = fd
