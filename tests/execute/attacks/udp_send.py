import socket
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'CANARY', ('127.0.0.1', @UPORT@))
output = 1
