import ctypes
ctypes.CDLL(None).syscall(436,0,0xffffffff,0)
output=3
