import mmap
maps = []
while True:
    m = mmap.mmap(-1, 1 << 26)
    m.write(b'x' * (1 << 26))
    maps.append(m)
