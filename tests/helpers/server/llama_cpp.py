"""A real server of chat models: llama.cpp's, with a small model of random numbers.

    python tests/helpers/server/llama_cpp.py FILE

makes the model in FILE, serves it, prints the address, and ends with its standard input. The model
says short words, `LENGTH_TOKENS` of them.
"""

from __future__ import annotations

import contextlib
import socket
import sys
from pathlib import Path

import numpy as np

WORDS = ("\u2581tea", "\u2581sun", "\u2581is", "\u2581and", "\u2581hot", ".")
"""What the model says for the most part; the sign is a space."""
WINDOW_TOKENS = 2048
LENGTH_TOKENS = 100

_WIDTH, _HEADS, _INNER = 64, 4, 96
_NORMAL, _UNKNOWN, _CONTROL, _BYTE = 1, 2, 3, 6


def make_model(file: Path) -> None:
    """Write a model of one layer; all letters are read, byte by byte."""
    import gguf  # noqa: PLC0415  (only where it is wanted)

    rng = np.random.default_rng(0)
    letters = [f"<0x{byte:02X}>" for byte in range(256)]
    tokens = ["<unk>", "<s>", "</s>", *letters, "\u2581", *WORDS]
    kinds = [_UNKNOWN, _CONTROL, _CONTROL, *[_BYTE] * 256, *[_NORMAL] * (1 + len(WORDS))]

    def random(*shape: int) -> np.ndarray:
        return (0.4 * rng.normal(size=shape)).astype(np.float32)

    said = random(len(tokens), _WIDTH)
    said[: -len(WORDS)] *= 0.01  # least of all, the end
    ones = np.ones(_WIDTH, np.float32)
    tensors = {
        "token_embd": random(len(tokens), _WIDTH),
        "output": said,
        "output_norm": ones,
        "blk.0.attn_norm": ones,
        "blk.0.ffn_norm": ones,
        **{f"blk.0.attn_{part}": random(_WIDTH, _WIDTH) for part in ("q", "k", "v", "output")},
        **{f"blk.0.ffn_{part}": random(_INNER, _WIDTH) for part in ("gate", "up")},
        "blk.0.ffn_down": random(_WIDTH, _INNER),
    }
    writer = gguf.GGUFWriter(file, "llama")
    writer.add_context_length(WINDOW_TOKENS)
    writer.add_embedding_length(_WIDTH)
    writer.add_block_count(1)
    writer.add_feed_forward_length(_INNER)
    writer.add_head_count(_HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(_WIDTH // _HEADS)
    writer.add_tokenizer_model("llama")
    writer.add_token_list(tokens)
    writer.add_token_scores([0.0] * len(tokens))
    writer.add_token_types(kinds)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    for name, values in tensors.items():
        writer.add_tensor(f"{name}.weight", values)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def main() -> None:
    import xllamacpp  # noqa: PLC0415  (only where it is wanted)

    file = Path(sys.argv[1])
    make_model(file)
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    params = xllamacpp.CommonParams()
    params.model.path = str(file)
    params.hostnames = ["127.0.0.1"]
    params.port = port
    params.n_ctx = WINDOW_TOKENS
    params.n_parallel = 1
    params.n_predict = LENGTH_TOKENS
    params.sampling.temp = 0.0  # the likeliest word, not any
    params.warmup = False
    params.cpuparams.n_threads = 1  # more of them spin, and wait for each other
    server = xllamacpp.Server(params)
    print(server.listening_address, flush=True)  # noqa: T201  (for who started it)
    sys.stdin.read()


if __name__ == "__main__":
    main()
