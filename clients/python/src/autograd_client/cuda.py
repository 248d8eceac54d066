"""torch.cuda, for scripts that ask: there is none."""


def is_available() -> bool:
    """False: tensors are on the server's processor."""
    return False


def device_count() -> int:
    """0."""
    return 0
