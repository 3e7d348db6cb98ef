"""A server whose refusals are clear: an unknown argument and bad input are named, never dropped."""

from collections.abc import Callable
from difflib import get_close_matches
from functools import wraps
from typing import Any, cast

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError

from ivig.errors import IvigError


class StrictServer(MCPServer[Any]):
    """Refuses an argument no tool has, for one that is passed over could be the weight."""

    async def call_tool(self, name: str, arguments: dict[str, Any], context: Any = None) -> Any:
        """Call a tool with arguments it has."""
        for tool in await self.list_tools():
            if tool.name == name:
                _require_known(
                    arguments, cast(dict[str, Any], tool.input_schema["properties"]), name
                )
        return await super().call_tool(name, arguments, context)


def _require_known(arguments: dict[str, Any], known: dict[str, Any], tool: str) -> None:
    for key in arguments:
        if key not in known:
            close = get_close_matches(key, known, n=1)
            hint = f"did you mean {close[0]}? " if close else ""
            raise ToolError(f"{key}: {hint}{tool} takes {', '.join(known)}")


def with_clear_errors(tool: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """The tool, whose errors made on purpose reach the caller in their own words."""

    @wraps(tool)
    def call(*given: Any, **named: Any) -> dict[str, Any]:
        try:
            return tool(*given, **named)
        except IvigError as error:
            raise ToolError(str(error)) from error

    return call
