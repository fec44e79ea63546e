#!/usr/bin/env python3
"""How long numpy (and torch, where it is installed) takes for what `compress-kernel` does: signs packed, and a mean per row.

Usage: python3 compare_numpy.py [MATRICES]     Prints GiB/s of both sides read, one thread, best of three.
Compare with the value of `compress-kernel` of `bitdelta bench codec` on the same, otherwise idle machine.
"""
import os
os.environ.setdefault('OMP_NUM_THREADS', '1')
import sys, time
import numpy as np

SIDE = 4096
matrices = int(sys.argv[1]) if len(sys.argv) > 1 else 4
rng = np.random.default_rng(1)
base = [(rng.random((SIDE, SIDE), np.float32) * .1 - .05).view(np.uint32) >> 16 for _ in range(matrices)]
tuned = [((b << 16).view(np.float32) + (rng.random((SIDE, SIDE), np.float32) * .01 - .005)).view(np.uint32) >> 16 for b in base]
base = [b.astype(np.uint16) for b in base]
tuned = [t.astype(np.uint16) for t in tuned]
bytes_read = 2 * 2 * SIDE * SIDE * matrices

def with_numpy(b, f):
    d = (f.astype(np.uint32) << 16).view(np.float32) - (b.astype(np.uint32) << 16).view(np.float32)
    return np.packbits(d >= 0, axis=1, bitorder='little'), np.abs(d).mean(axis=1, dtype=np.float64)

def measure(name, function, left, right):
    best = 0
    for _ in range(3):
        start = time.perf_counter()
        for b, f in zip(left, right):
            function(b, f)
        best = max(best, bytes_read / 2**30 / (time.perf_counter() - start))
    print('%-6s %.3f GiB/s' % (name, best))

measure('numpy', with_numpy, base, tuned)
try:
    import torch
except ImportError:
    print('torch  not installed')
else:
    torch.set_num_threads(1)
    weights = 2 ** torch.arange(8, dtype=torch.uint8)
    def with_torch(b, f):
        d = f.float() - b.float()
        return ((d >= 0).view(SIDE, -1, 8).to(torch.uint8) * weights).sum(-1, dtype=torch.uint8), d.abs().mean(1)
    to_torch = lambda a: torch.from_numpy(a.view(np.int16)).view(torch.bfloat16)
    measure('torch', with_torch, [to_torch(b) for b in base], [to_torch(f) for f in tuned])
