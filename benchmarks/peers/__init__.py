"""Those we measure ourselves against: other people's pollers, run as their authors meant them.

Their requests go out through aiohttp and nothing else, with the same header as ours; their sleeps
are as long as ours. So what differs is what each of them does about a poll.
"""
