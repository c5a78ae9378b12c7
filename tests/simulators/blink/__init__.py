"""The Blink simulator, asked by plain aiohttp and by blinkpy."""
