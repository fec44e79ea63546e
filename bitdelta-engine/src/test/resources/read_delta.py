"""Rebuilds the sign tensors of a delta file over a base with numpy alone: python3 read_delta.py BASE DELTA OUT [BASE DELTA OUT ...]."""
import json, struct, sys
import numpy as np

def load(path):
    raw = open(path, 'rb').read()
    n = struct.unpack('<Q', raw[:8])[0]
    header = json.loads(raw[8:8 + n])
    meta = header.pop('__metadata__', {})
    if 'packed' in meta:
        header = entries(json.loads(meta['layout']), meta['packed'])
    return meta, {k: (v['dtype'], v['shape'], raw[8 + n + v['data_offsets'][0]:8 + n + v['data_offsets'][1]]) for k, v in header.items()}

def entries(layout, scale):
    """The entries that a packed file does not show (FORMAT-PACKED.md), of sign tensors."""
    found = []
    for t in layout:
        rows, cols = (1, int(np.prod(t['shape']))) if len(t['shape']) < 2 else (t['shape'][0], int(np.prod(t['shape'][1:])))
        g = t['granularity']
        shape = {'tensor': [1], 'row': [rows], 'column': [cols]}.get(g) or [rows, -(-cols // int(g[6:]))]
        for p in range(t['bits']):
            end = '' if p == 0 else '.%d' % p
            found.append((t['name'] + '.sign' + end, 'U8', [rows, (cols + 7) // 8]))
            found.append((t['name'] + '.scale' + end, scale, shape))
    width = {'U8': 1, 'F16': 2, 'F32': 4}
    found.sort(key=lambda e: (-width[e[1]], e[0].encode()))
    at, header = 0, {}
    for name, dtype, shape in found:
        end = at + int(np.prod(shape)) * width[dtype]
        header[name] = {'dtype': dtype, 'shape': shape, 'data_offsets': [at, end]}
        at = end
    return header

def numbers(dtype, shape, data):
    if dtype == 'BF16':
        return (np.frombuffer(data, '<u2').astype(np.uint32) << 16).view(np.float32).reshape(shape)
    if dtype == 'U8':
        q = np.frombuffer(data, np.uint8).astype(np.int32)
        return np.where(q == 0, 0, np.ldexp(8.0 + q % 8, q // 8 - 31)).astype(np.float32).reshape(shape)
    return np.frombuffer(data, {'F32': '<f4', 'F16': '<f2', 'F64': '<f8'}[dtype]).astype(np.float32).reshape(shape)

def rebuild(from_path, delta_path, out_path):
    base, (meta, delta) = load(from_path)[1], load(delta_path)
    with open(out_path, 'wb') as out:
        for t in json.loads(meta['layout']):
            if t['kind'] != 'sign':
                continue
            w = numbers(*base[t['name']])
            rows, cols = (1, w.size) if w.ndim < 2 else (w.shape[0], w.size // max(1, w.shape[0]))
            w = w.reshape(rows, cols).copy()
            for p in range(t['bits']):
                end = '' if p == 0 else '.%d' % p
                bits = np.frombuffer(delta[t['name'] + '.sign' + end][2], np.uint8).reshape(rows, -1)
                sign = np.unpackbits(bits, axis=1, bitorder='little')[:, :cols].astype(bool)
                s = numbers(*delta[t['name'] + '.scale' + end])
                g = t['granularity']
                if g == 'row':
                    s = s[:, None]
                elif g.startswith('group:'):
                    s = np.repeat(s, int(g[6:]), axis=1)[:, :cols]
                w = np.where(sign, w + s, w - s).astype(np.float32)
            out.write(w.tobytes())

for i in range(1, len(sys.argv), 3):
    rebuild(*sys.argv[i:i + 3])
