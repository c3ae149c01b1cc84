"""A model's service on loopback that answers, or fails, as it is told.

It speaks the Chat Completions, Responses and Messages APIs as far as coding agents need them, streamed and not. It checks no
key. What it says when it fails is worded as the real services word it, because that is what agents print.
"""

import gzip
import json
import re
import socket
import struct
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ERRORS = {  # mode: status, then what each family of APIs says: type, code, message
    "401": (401, ("invalid_request_error", "invalid_api_key", "Incorrect API key provided: fake."),
            ("authentication_error", "invalid x-api-key")),
    "403": (403, ("permission_error", "forbidden", "You are not allowed to use this model."),
            ("permission_error", "Your API key does not have permission to use the specified resource.")),
    "404": (404, ("invalid_request_error", "model_not_found",
                  "The model `MODEL` does not exist or you do not have access to it."),
            ("not_found_error", "model: MODEL")),
    "429": (429, ("requests", "rate_limit_exceeded",
                  "Rate limit reached for MODEL on requests per min (RPM): Limit 3, Used 3, Requested 1. "
                  "Please try again in 1s."),
            ("rate_limit_error", "This request would exceed your organization's rate limit of 50 requests per minute.")),
    "429-no-reset": (429, ("requests", "rate_limit_exceeded", "Rate limit reached for MODEL on requests per min (RPM)."),
                     ("rate_limit_error", "This request would exceed your account's rate limit.")),
    "quota": (429, ("insufficient_quota", "insufficient_quota",
                    "You exceeded your current quota, please check your plan and billing details."),
              ("rate_limit_error", "Your organization has reached its monthly spend limit.")),
    "billing": (400, ("billing_error", "billing_not_active",
                      "Your account is not active, please check your billing details on our website."),
                ("invalid_request_error", "Your credit balance is too low to access the Anthropic API. "
                 "Please go to Plans & Billing to upgrade or purchase credits.")),
    "500": (500, ("server_error", None, "The server had an error while processing your request. Sorry about that!"),
            ("api_error", "Internal server error")),
    "503": (503, ("server_error", "overloaded", "The engine is currently overloaded, please try again later."),
            ("api_error", "Service unavailable")),
    "529": (529, ("server_error", "overloaded", "Overloaded"), ("overloaded_error", "Overloaded")),
    "context": (400, ("invalid_request_error", "context_length_exceeded",
                      "This model's maximum context length is 8192 tokens. However, your messages resulted in 10337 "
                      "tokens. Please reduce the length of the messages."),
                ("invalid_request_error", "prompt is too long: 208310 tokens > 200000 maximum")),
}
ANSWERS = ("ok", "text", "empty", "max-tokens")
BROKEN = ("drop", "drop-stream", "garbage", "badjson", "hang")
MODES = (*ANSWERS, *BROKEN, *ERRORS)

HTML = b"<!DOCTYPE html>\n<html><head><title>Welcome</title></head><body><h1>Sign in to the network</h1></body></html>\n"
EDITED = "answer.txt"  # the file that an answer writes
CONTENT = "42\n"


class Service:
    """One service on a port of its own. Of several modes each holds for one request, and the last one stays."""

    def __init__(self, *modes):
        assert all(mode in MODES for mode in modes), modes
        self.modes, self.asked, self.lock = list(modes), 0, threading.Lock()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (Handler,), {"service": self}))
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_: None  # clients that went away
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def next_mode(self):
        with self.lock:
            mode = self.modes[min(self.asked, len(self.modes) - 1)]
            self.asked += 1
            return mode


class DeadService:
    """An address where nothing listens, kept so that nothing else comes to listen there."""

    def __init__(self):
        self.socket = socket.socket()
        self.socket.bind(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        self.asked = 0


# ---- what is answered: a text, or a call of the tool that writes the file

def texts(node):
    if isinstance(node, str):
        yield node
    elif isinstance(node, list):
        for item in node:
            yield from texts(item)
    elif isinstance(node, dict):
        for key in ("text", "content", "output", "instructions"):
            yield from texts(node.get(key))


def tools_of(body):
    for tool in body.get("tools") or []:
        for one in tool.get("tools") or [tool]:
            inner = one.get("function") or one
            schema = inner.get("input_schema") or inner.get("parameters") or {}
            yield inner.get("name") or one.get("type"), schema.get("properties") or {}


def has_results(body):
    for message in body.get("messages") or body.get("input") or []:
        if isinstance(message, dict):
            parts = message.get("content") if isinstance(message.get("content"), list) else []
            if message.get("role") == "tool" or str(message.get("type", "")).endswith("_call_output"):
                return True
            if any(isinstance(part, dict) and part.get("type") == "tool_result" for part in parts):
                return True
    return False


def edit_call(tools, said):
    """The name and arguments of the tool that writes the file."""
    folder = re.search(r"<cwd>([^<]+)</cwd>|[Ww]orking directory(?: is)?:\s*`?(/[^\s`'\"]+)", said)
    folder = (folder.group(1) or folder.group(2)).rstrip(".,;") if folder else "."
    if "Write" in tools:
        return "Write", {"file_path": f"{folder}/{EDITED}", "content": CONTENT}
    if "write" in tools:
        return "write", {"filePath": f"{folder}/{EDITED}", "content": CONTENT}
    command = f"printf '%s' '{CONTENT}' > {EDITED}"
    for name in ("exec_command", "shell_command", "shell", "Bash", "bash"):
        if name in tools:
            if "cmd" in tools[name]:
                return name, {"cmd": command}
            if tools[name].get("command", {}).get("type") == "array":
                return name, {"command": ["bash", "-c", command]}
            return name, {"command": command, "description": "write a file"}
    return None


def answer(mode, body):
    """Returns the text, the call, and how the answer ends: end, call or length."""
    if mode == "empty":
        return "", None, "end"
    if mode == "text":
        return "I would rather talk about it.", None, "end"
    if mode == "max-tokens":
        return "This answer is cut off in the mid", None, "length"
    said = "\n".join(texts([body.get("system"), body.get("instructions"), body.get("messages"), body.get("input")]))
    tools = dict(tools_of(body))
    if tools:
        call = None if has_results(body) else edit_call(tools, said)
        return ("", call, "call") if call else ("Done.", None, "end")
    if "SEARCH/REPLACE" in said:  # aider edits by what the answer says
        return f"{EDITED}\n```\n<<<<<<< SEARCH\n=======\n{CONTENT}>>>>>>> REPLACE\n```\n", None, "end"
    if "file listing" in said:
        return f"{EDITED}\n```\n{CONTENT}```\n", None, "end"
    return "feat: write the answer", None, "end"  # a commit's message or a conversation's title


# ---- how it is said: the whole reply, and the events of a stream

def event(data, name=None):
    head = f"event: {name}\n" if name else ""
    return f"{head}data: {data if isinstance(data, str) else json.dumps(data)}\n\n".encode()


def chat(model, text, call, end):
    usage = {"prompt_tokens": 100, "completion_tokens": len(text) // 4 + 1, "total_tokens": 101 + len(text) // 4}
    reason = {"end": "stop", "call": "tool_calls", "length": "length"}[end]
    message = {"role": "assistant", "content": text}
    if call:
        function = {"name": call[0], "arguments": json.dumps(call[1])}
        message["tool_calls"] = [{"index": 0, "id": "call_1", "type": "function", "function": function}]
    base = {"id": "chatcmpl-1", "created": 1_700_000_000, "model": model}
    whole = {**base, "object": "chat.completion", "usage": usage,
             "choices": [{"index": 0, "message": message, "finish_reason": reason}]}

    def chunk(choices, **more):
        return event({**base, "object": "chat.completion.chunk", "choices": choices, **more})

    return whole, [chunk([{"index": 0, "delta": message, "finish_reason": None}]),
                   chunk([{"index": 0, "delta": {}, "finish_reason": reason}]),
                   chunk([], usage=usage), event("[DONE]")]


def responses(model, text, call, end):
    usage = {"input_tokens": 100, "input_tokens_details": {"cached_tokens": 0}, "output_tokens": len(text) // 4 + 1,
             "output_tokens_details": {"reasoning_tokens": 0}, "total_tokens": 101 + len(text) // 4}
    if call:
        item = {"type": "function_call", "id": "fc_1", "status": "completed", "call_id": "call_1", "name": call[0],
                "arguments": json.dumps(call[1])}
    else:
        item = {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed",
                "content": [{"type": "output_text", "text": text, "annotations": []}] if text else []}
    status = "incomplete" if end == "length" else "completed"
    whole = {"id": "resp_1", "object": "response", "created_at": 1_700_000_000, "model": model, "status": status,
             "output": [item], "usage": usage, "error": None,
             "incomplete_details": {"reason": "max_output_tokens"} if end == "length" else None}
    begun = {**whole, "status": "in_progress", "output": [], "usage": None, "incomplete_details": None}
    events = [("response.created", {"response": begun}),
              ("response.output_item.added", {"output_index": 0, "item": {**item, "status": "in_progress"}}),
              ("response.output_item.done", {"output_index": 0, "item": item}),
              (f"response.{status}", {"response": whole})]
    return whole, [event({"type": name, "sequence_number": number, **data}, name)
                   for number, (name, data) in enumerate(events)]


def messages(model, text, call, end):
    usage = {"input_tokens": 100, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0,
             "output_tokens": len(text) // 4 + 1}
    stop = {"end": "end_turn", "call": "tool_use", "length": "max_tokens"}[end]
    block = delta = None
    if call:
        block = {"type": "tool_use", "id": "toolu_1", "name": call[0], "input": call[1]}
        begin, delta = {**block, "input": {}}, {"type": "input_json_delta", "partial_json": json.dumps(call[1])}
    elif text:
        block = {"type": "text", "text": text}
        begin, delta = {**block, "text": ""}, {"type": "text_delta", "text": text}
    whole = {"id": "msg_1", "type": "message", "role": "assistant", "model": model, "content": [block] if block else [],
             "stop_reason": stop, "stop_sequence": None, "usage": usage}
    events = [{"type": "message_start", "message": {**whole, "content": [], "stop_reason": None}}]
    if block:
        events += [{"type": "content_block_start", "index": 0, "content_block": begin},
                   {"type": "content_block_delta", "index": 0, "delta": delta},
                   {"type": "content_block_stop", "index": 0}]
    events += [{"type": "message_delta", "delta": {"stop_reason": stop, "stop_sequence": None},
                "usage": {"output_tokens": usage["output_tokens"]}}, {"type": "message_stop"}]
    return whole, [event(one, one["type"]) for one in events]


APIS = {"/chat/completions": chat, "/responses": responses, "/messages": messages}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_HEAD(self):
        self.reply(200, b"", "application/json")

    def do_GET(self):
        self.reply(404, b'{"error":{"message":"no such path","type":"not_found_error"}}', "application/json")

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        body, path = json.loads(body or b"{}"), self.path.split("?")[0]
        api = next((api for end, api in APIS.items() if path.endswith(end)), None)
        if path.endswith("/count_tokens"):
            self.reply(200, b'{"input_tokens":100}', "application/json")
        elif api is None:
            self.do_GET()
        else:
            self.ask(api, body, self.service.next_mode())

    def ask(self, api, body, mode):
        model = str(body.get("model", ""))
        if mode in ERRORS:
            return self.fail(api, model, mode)
        if mode == "drop":
            return self.cut()
        if mode == "hang":
            time.sleep(3600)
        if mode == "garbage":
            return self.reply(200, HTML, "text/html")
        whole, events = api(model, *answer(mode, body))
        streamed = bool(body.get("stream"))
        data = b"".join(events) if streamed else json.dumps(whole).encode()
        kind = "text/event-stream" if streamed else "application/json"
        half = len(events[0]) if streamed else len(data) // 2
        if mode == "drop-stream":
            self.reply(200, data[:half], kind, length=len(data))
            self.wfile.flush()
            time.sleep(0.05)  # so that what was sent arrives before the reset
            return self.cut()
        if mode == "badjson":
            data = data[:half] + (b'data: {"type": "broken\n\n' if streamed else b"")
        return self.reply(200, data, kind)

    def fail(self, api, model, mode):
        status, (kind, code, text), (messages_kind, messages_text) = ERRORS[mode]
        if api is messages:
            error = {"type": "error", "error": {"type": messages_kind, "message": messages_text.replace("MODEL", model)}}
        else:
            error = {"error": {"message": text.replace("MODEL", model), "type": kind, "param": None, "code": code}}
        headers = {"retry-after": "1"} if mode == "429" else {}
        self.reply(status, json.dumps(error).encode(), "application/json", headers)

    def reply(self, status, data, kind, headers=None, length=None):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data) if length is None else length))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def cut(self):
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
