"""What a log must never hold: the tokens of single-use links, which stand in addresses."""

import logging
import re

_TOKEN = re.compile(r"/[A-Za-z0-9_-]{43}(?=/|$|[\s?#\"'])")


class MaskTokens(logging.Filter):
    """Writes `/…` where an address holds a token."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        masked = _TOKEN.sub("/…", message)
        if masked != message:
            record.msg, record.args = masked, ()
        return True
