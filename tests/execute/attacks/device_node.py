import os,stat
os.mknod("@CANARY@/x",stat.S_IFCHR|0o666,os.makedev(1,1))
