import subprocess, multiprocessing, threading, socket, asyncio, tempfile, shutil, ctypes, concurrent.futures, urllib.request, http.client, ssl
output=3
