"""Vectors of FORMAT-PACKED.md, computed from its text alone.

python3 packed_vectors.py > packed-vectors.json
"""

import hashlib
import json
import struct
from fractions import Fraction


def f32(x):
    return struct.unpack('<f', struct.pack('<f', x))[0]


def value(q):
    return Fraction(0) if q == 0 else Fraction(8 + q % 8) * Fraction(2) ** (q // 8 - 31)


def code(x):
    """The nearest of all codes, the even one in a tie, by trying them all."""
    return min(range(251), key=lambda q: (abs(value(q) - Fraction(x)), q % 2))


def mean(terms):
    """Lanes of 16 within one block of at most 4096, folded into binary64."""
    assert len(terms) <= 4096
    lanes = [0.0] * 16
    for i, term in enumerate(terms):
        lanes[i % 16] = f32(lanes[i % 16] + term)
    total = 0.0
    for lane in lanes:
        total += lane
    return total / len(terms)


def stored(kind, x):
    """The bytes of a scale and the number that they stand for."""
    if kind == 'U8':
        q = code(x)
        return bytes([q]), float(value(q))
    form = '<f' if kind == 'F32' else '<e'
    raw = struct.pack(form, x)
    return raw, struct.unpack(form, raw)[0]


def weights_hash(name, rows, cols, values):
    data = b''.join(struct.pack('<f', v) for v in values)
    out = b'bitdelta.weights.v1\n' + struct.pack('<Q', 1)
    out += struct.pack('<I', len(name)) + name.encode() + bytes([3]) + b'F32' + bytes([2]) + struct.pack('<QQ', rows, cols)
    return '0x' + hashlib.sha256(out + hashlib.sha256(data).digest()).hexdigest()


def encode(kind, bits, rows, cols, base, fine):
    """A packed file of one tensor w with row scales."""
    entries = {}
    residual = [f32(a - b) for a, b in zip(fine, base)]
    applied = list(base)
    for plane in range(bits):
        suffix = '' if plane == 0 else '.%d' % plane
        signs, scales = b'', b''
        for row in range(rows):
            part = residual[row * cols:(row + 1) * cols]
            packed = bytearray((cols + 7) // 8)
            for i, x in enumerate(part):
                packed[i >> 3] |= (x >= 0) << (i & 7)
            raw, scale = stored(kind, mean([abs(x) for x in part]))
            for i, x in enumerate(part):
                change = scale if x >= 0 else -scale
                residual[row * cols + i] = f32(x - change)
                applied[row * cols + i] = f32(applied[row * cols + i] + change)
            signs += bytes(packed)
            scales += raw
        entries['w.sign' + suffix] = (1, signs)
        entries['w.scale' + suffix] = ({'F32': 4, 'F16': 2, 'U8': 1}[kind], scales)
    data = b''.join(entries[name][1] for name in sorted(entries, key=lambda n: (-entries[n][0], n.encode())))
    layout = [{'bits': bits, 'dtype': 'F32', 'granularity': 'row', 'kind': 'sign', 'name': 'w', 'shape': [rows, cols]}]
    metadata = {
        'base_hash': weights_hash('w', rows, cols, base), 'clip_sigma': 'none', 'domain': 'general', 'format': 'bitdelta',
        'layout': json.dumps(layout, separators=(',', ':')), 'packed': kind, 'scales': 'mean-abs', 'version': '1', 'zero': 'ge'}
    header = json.dumps(
        {'__metadata__': metadata, 'packed': {'dtype': 'U8', 'shape': [len(data)], 'data_offsets': [0, len(data)]}},
        separators=(',', ':')).encode()
    header += b' ' * (-len(header) % 8)
    return struct.pack('<Q', len(header)) + header + data, applied


def numbers(seed, count, size):
    out = []
    for _ in range(count):
        seed = (seed * 6364136223846793005 + 1442695040888963407) % 2 ** 64
        out.append(f32((seed >> 40) / 2 ** 24 * 2 * size - size))
    return out


def main():
    cases = []
    for kind in ('U8', 'F16', 'F32'):
        for bits, rows, cols, size in ((1, 3, 13, 1.0), (2, 2, 40, 0.003), (3, 5, 7, 1e-6)):
            base = numbers(rows * cols, rows * cols, 1.0)
            fine = [f32(b + d) for b, d in zip(base, numbers(bits, rows * cols, size))]
            file, applied = encode(kind, bits, rows, cols, base, fine)
            cases.append({'kind': kind, 'bits': bits, 'rows': rows, 'cols': cols, 'base': base, 'fine': fine,
                          'file': file.hex(), 'applied': applied})
    codes = []
    for x in [0.0, 1e-12, 2.0e-9, 4.19e-9, 0.001, 0.0123, 0.5, 8.5 / 16, 9.5 / 16, 1.0, 9.5, 9.49, 10.0] + [
            v * 10 for v in (abs(n) for n in numbers(7, 40, 1.0))]:
        codes.append({'scale': x, 'code': code(x), 'value': float(value(code(x)))})
    print(json.dumps({'codes': codes, 'values': [float(value(q)) for q in range(251)], 'files': cases}))


main()
