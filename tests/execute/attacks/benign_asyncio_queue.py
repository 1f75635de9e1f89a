import asyncio
async def m():
    q=asyncio.Queue()
    async def p():
        for i in range(4): await q.put(i)
    t=asyncio.create_task(p()); s=0
    for i in range(4): s+=await q.get()
    return s
output=asyncio.run(m())
