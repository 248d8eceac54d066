"""For asyncio: connect, and wait for values, without blocking the event loop.

Commands are given as everywhere, without waiting; only what waits for the server is awaited: ``await tensor.item_async()``,
``await tensor.numpy_async()``, ``await flush(session)``.
"""

from __future__ import annotations

import asyncio
from typing import Any, Optional

from . import _session
from ._pipeline import Waiter, _too_late
from ._session import Session

__all__ = ["connect", "flush", "close", "numpy", "item", "AsyncSession"]


async def wait(session: Session, waiter: Waiter) -> Waiter:
    """Awaits an answer.

    Raises:
        AutogradTimeoutError: It did not come before the session's deadline.
    """
    loop = asyncio.get_running_loop()
    done = asyncio.Event()

    def tell() -> None:
        try:
            loop.call_soon_threadsafe(done.set)
        except RuntimeError:
            pass  # the loop was closed meanwhile: nobody waits any more

    waiter.on_done = tell
    if not waiter.wait(0):
        try:
            await asyncio.wait_for(done.wait(), session.timeout)
        except asyncio.TimeoutError:
            raise _too_late(session.timeout, "an answer") from None
    return waiter


async def numpy(tensor: Any) -> Any:
    """The elements of a tensor as a numpy array."""
    return await tensor.numpy_async()


async def item(tensor: Any) -> Any:
    """The value of a tensor with one element."""
    return await tensor.item_async()


async def flush(session: Session) -> None:
    """Awaits that every command given so far was run.

    Raises:
        AutogradError: The first command that failed and that no call told of yet.
    """
    await asyncio.get_running_loop().run_in_executor(None, session.flush)


async def close(session: Session) -> None:
    """Closes a session."""
    await asyncio.get_running_loop().run_in_executor(None, session.close)


class AsyncSession:
    """A session for ``async with``."""

    def __init__(self, address: Optional[str], options: Any) -> None:
        self._address = address
        self._options = options
        self.session: Optional[Session] = None

    def __await__(self) -> Any:
        return self._connect().__await__()

    async def _connect(self) -> Session:
        self.session = await asyncio.get_running_loop().run_in_executor(None, lambda: _session.connect(self._address, **self._options))
        return self.session

    async def __aenter__(self) -> Session:
        return await self._connect()

    async def __aexit__(self, kind: Any, error: Any, traceback: Any) -> None:
        assert self.session is not None
        try:
            if kind is None and not self.session.pipe.is_broken:
                await flush(self.session)
        finally:
            await close(self.session)


def connect(address: Optional[str] = None, **options: Any) -> AsyncSession:
    """Connects: ``session = await connect(address)`` or ``async with connect(address) as session``. Takes what :func:`autograd_client.connect` takes, and raises the same."""
    return AsyncSession(address, options)
