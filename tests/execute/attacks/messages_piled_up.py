import socket
n=0
keep=[]
try:
    while 1:
        a,b=socket.socketpair(); keep+=[a,b]
        a.setblocking(False)
        try:
            while 1: n+=a.send(b"x"*65536)
        except BlockingIOError: pass
except OSError: pass
output=3
