"""Vectors of FORMAT-CORE.md, computed from its text alone: plain Python numbers are the same binary64 everywhere.

python3 core_vectors.py > core-vectors.json
"""

import hashlib
import json
import math
import struct

WIDTH, POWER, BLOCKS, SEED, NEGLIGIBLE = 32, 2, 16, 0x62697464656C7461, 1e-12
MASK = (1 << 64) - 1


def f32(x):
    return struct.unpack('<f', struct.pack('<f', x))[0]


def f16(x):
    return struct.unpack('<e', struct.pack('<e', x))[0]


def start_signs(count):
    out, state, bits = [], SEED, 0
    for i in range(count):
        if i % 64 == 0:
            state = (state + 0x9E3779B97F4A7C15) & MASK
            z = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & MASK
            z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
            bits = z ^ (z >> 31)
        out.append(1.0 if bits & 1 else -1.0)
        bits >>= 1
    return out


def times(w, rows, cols, x, width):
    out = []
    for r in range(rows):
        sums = [0.0] * width
        for c in range(cols):
            for k in range(width):
                sums[k] += w[r * cols + c] * x[c * width + k]
        out += sums
    return out


def transposed_times(w, rows, cols, y, width):
    per = (rows + BLOCKS - 1) // BLOCKS
    total = None
    for block in range(BLOCKS):
        sums = [0.0] * (cols * width)
        first = min(rows, block * per)
        for r in range(first, min(rows, first + per)):
            for c in range(cols):
                for k in range(width):
                    sums[c * width + k] += w[r * cols + c] * y[r * width + k]
        total = sums if total is None else [a + b for a, b in zip(total, sums)]
    return total


def square(x, width, k):
    s = 0.0
    for at in range(k, len(x), width):
        s += x[at] * x[at]
    return s


def orthonormalise(x, width):
    for k in range(width):
        before = math.sqrt(square(x, width, k))
        for _ in range(2):
            along = [0.0] * width
            for at in range(0, len(x), width):
                for j in range(k):
                    along[j] += x[at + k] * x[at + j]
            for at in range(0, len(x), width):
                projected = 0.0
                for j in range(k):
                    projected += along[j] * x[at + j]
                x[at + k] -= projected
        norm = math.sqrt(square(x, width, k))
        factor = 1 / norm if norm > NEGLIGIBLE * before else 0.0
        for at in range(0, len(x), width):
            x[at + k] *= factor


def eigen(sym):
    n = len(sym)
    a = [row[:] for row in sym]
    v = [[1.0 if i == j else 0.0 for j in range(n)] for i in range(n)]
    norm = 0.0
    for i in range(n):
        norm += abs(a[i][i])
    for _ in range(30):
        if max([abs(a[p][q]) for p in range(n) for q in range(p + 1, n)], default=0.0) <= 1e-15 * norm:
            break
        for p in range(n):
            for q in range(p + 1, n):
                if a[p][q] == 0:
                    continue
                theta = (a[q][q] - a[p][p]) / (2 * a[p][q])
                t = (1 if theta >= 0 else -1) / (abs(theta) + math.sqrt(theta * theta + 1))
                c = 1 / math.sqrt(t * t + 1)
                s = t * c
                for k in range(n):
                    kp, kq = a[k][p], a[k][q]
                    a[k][p], a[k][q] = c * kp - s * kq, s * kp + c * kq
                for k in range(n):
                    pk, qk = a[p][k], a[q][k]
                    a[p][k], a[q][k] = c * pk - s * qk, s * pk + c * qk
                for row in v:
                    kp, kq = row[p], row[q]
                    row[p], row[q] = c * kp - s * kq, s * kp + c * kq
    order = sorted(range(n), key=lambda i: (-a[i][i], i))
    return [a[i][i] for i in order], [[v[r][i] for r in range(n)] for i in order]


def basis(w, rows, cols, rank):
    width = min(WIDTH, rows, cols)
    q = times(w, rows, cols, start_signs(cols * width), width)
    orthonormalise(q, width)
    for _ in range(POWER):
        back = transposed_times(w, rows, cols, q, width)
        orthonormalise(back, width)
        q = times(w, rows, cols, back, width)
        orthonormalise(q, width)
    c = transposed_times(w, rows, cols, q, width)
    gram = [[0.0] * width for _ in range(width)]
    for at in range(0, len(c), width):
        for i in range(width):
            for j in range(width):
                gram[i][j] += c[at + i] * c[at + j]
    values, vectors = eigen(gram)
    b, a = [0.0] * (rows * rank), [0.0] * (rank * cols)

    def dot(turn, m, at):
        s = 0.0
        for i in range(width):
            s += turn[i] * m[at + i]
        return s

    for k in range(rank):
        assert values[k] > NEGLIGIBLE * values[0]
        half = math.sqrt(math.sqrt(values[k]))
        row_a = [dot(vectors[k], c, col * width) / half for col in range(cols)]
        largest = 0.0
        for value in row_a:
            largest = value if abs(value) > abs(largest) else largest
        sign = -1.0 if largest < 0 else 1.0
        for col in range(cols):
            a[k * cols + col] = f32(sign * row_a[col])
        for row in range(rows):
            b[row * rank + k] = f32(sign * (half * dot(vectors[k], q, row * width)))
    return b, a


def pack(values):
    return struct.pack('<%df' % len(values), *values)


def code_of(x, s, bits):
    middle = 1 << (bits - 1)
    if s == 0:
        return middle
    return max(0, min((1 << bits) - 1, middle + math.floor(x / (2.0 * s))))


def value_of(code, s, bits):
    return f32(s * (2 * code + 1 - (1 << bits)))


def row_scale(row, bits):
    if bits == 1:
        total = 0.0
        for x in row:
            total += abs(x)
        return f16(f32(total / len(row)))
    whole = f32(max(abs(x) for x in row) / ((1 << bits) - 1))
    best, least = None, math.inf
    for part in range(1, 33):
        s = f16(f32(f32(whole * part) / 32))
        error = 0.0
        for x in row:
            lost = f32(x - value_of(code_of(x, s, bits), s, bits))
            error += lost * lost
        if error < least:
            best, least = s, error
    return best


def bf16(x):
    raw = struct.unpack('<I', struct.pack('<f', x))[0]
    return ((raw + 0x7FFF + ((raw >> 16) & 1)) >> 16) & 0xFFFF


def encode(core, rank, bits):
    out = b''
    for r in range(rank):
        row = core[r * rank:(r + 1) * rank]
        if bits == 16:
            out += struct.pack('<%dH' % rank, *[bf16(x) for x in row])
        else:
            s = row_scale(row, bits)
            whole = 0
            for i, x in enumerate(row):
                whole |= code_of(x, s, bits) << (i * bits)
            out += struct.pack('<e', s) + whole.to_bytes((rank * bits + 7) // 8, 'little')
    return out


def decode(data, rank, bits):
    out, size = [], rank * 2 if bits == 16 else 2 + (rank * bits + 7) // 8
    for r in range(rank):
        row = data[r * size:(r + 1) * size]
        if bits == 16:
            out += [struct.unpack('<f', struct.pack('<I', h << 16))[0] for h in struct.unpack('<%dH' % rank, row)]
        else:
            s, whole = struct.unpack('<e', row[:2])[0], int.from_bytes(row[2:], 'little')
            out += [value_of(whole >> (i * bits) & ((1 << bits) - 1), s, bits) for i in range(rank)]
    return out


def applied(w, rows, cols, rank, b, a, core):
    out = []
    for r in range(rows):
        m = [0.0] * rank
        for i in range(rank):
            for j in range(rank):
                m[j] = f32(m[j] + f32(b[r * rank + i] * core[i * rank + j]))
        change = [0.0] * cols
        for j in range(rank):
            for c in range(cols):
                change[c] = f32(change[c] + f32(m[j] * a[j * cols + c]))
        out += [f32(w[r * cols + c] + change[c]) for c in range(cols)]
    return out


def numbers(seed, count, width):
    out, state = [], seed
    for _ in range(count):
        state = (state * 6364136223846793005 + 1442695040888963407) & MASK
        out.append(f32(((state >> 40) / (1 << 24) - 0.5) * width))
    return out


def main():
    cases = []
    for rows, cols, rank, bits in [(3, 3, 2, 16), (5, 7, 3, 1), (40, 9, 4, 4), (6, 50, 5, 8), (37, 45, 8, 3), (35, 36, 32, 2)]:
        w = numbers(rows * 1000 + cols, rows * cols, 1.0)
        core = numbers(rank, rank * rank, 0.25)
        b, a = basis(w, rows, cols, rank)
        data = encode(core, rank, bits)
        seen = decode(data, rank, bits)
        cases.append({
            'rows': rows, 'cols': cols, 'rank': rank, 'bits': bits,
            'base': pack(w).hex(), 'core': pack(core).hex(), 'b': pack(b).hex(), 'a': pack(a).hex(),
            'basis': 'svd1:0x' + hashlib.sha256(pack(b) + pack(a)).hexdigest()[:16],
            'stored': data.hex(), 'seen': pack(seen).hex(),
            'applied': pack(applied(w, rows, cols, rank, b, a, seen)).hex(),
        })
    print(json.dumps(cases, indent=1))


main()
