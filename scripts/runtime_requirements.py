"""Print what Home Assistant would install when it starts for the first time.

The integrations that it loads by itself name their requirements in their manifests. Its own
resolver walks them here, so this list follows the version that is installed.
"""

import asyncio
import tempfile
from unittest.mock import patch

from homeassistant import bootstrap, loader, requirements
from homeassistant.auth.mfa_modules import totp
from homeassistant.core import HomeAssistant

# In the configuration of the end-to-end tests, beside what is loaded anyway.
CONFIGURED = {"history", "logbook"}


async def runtime_requirements(config_dir: str) -> set[str]:
    """Tell the resolver that all is installed, and note what it asked for."""
    asked = set(totp.REQUIREMENTS)  # belongs to the login, which is no integration

    def is_installed(requirement: str) -> bool:
        asked.add(requirement)
        return True

    hass = HomeAssistant(config_dir)
    loader.async_setup(hass)
    with patch("homeassistant.util.package.is_installed", is_installed):
        for domain in bootstrap.CORE_INTEGRATIONS | bootstrap.DEFAULT_INTEGRATIONS | CONFIGURED:
            await requirements.async_get_integration_with_requirements(hass, domain)
    await hass.async_stop(force=True)
    return asked


with tempfile.TemporaryDirectory() as folder:
    print("\n".join(sorted(asyncio.run(runtime_requirements(folder)))))
