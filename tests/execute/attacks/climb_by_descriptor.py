import os
fd=os.open("/usr",os.O_RDONLY)
os.open("../../../etc/passwd",os.O_RDONLY,dir_fd=fd)
