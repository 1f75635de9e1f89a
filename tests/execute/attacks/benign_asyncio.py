import asyncio
async def double(n):
    await asyncio.sleep(0)
    return 2 * n
async def main():
    return sum(await asyncio.gather(*map(double, range(5))))
output = asyncio.run(main())
