import mmap,ctypes
m=mmap.mmap(-1,4096,prot=7)
m.write(bytes.fromhex("53b814000000cd805bc3"))
f=ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(m)))
f()
output=3
