"""Bytes that people gave us: kept once by checksum, recognised by content, handed out as downloads."""
