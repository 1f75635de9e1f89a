import socket
for fd in range(3,1100):
    try:
        s=socket.socket(fileno=fd); s.shutdown(2); s.detach()
    except OSError: pass
output=3
