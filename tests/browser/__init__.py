"""The product as people meet it: a real Chromium, a real worker."""
