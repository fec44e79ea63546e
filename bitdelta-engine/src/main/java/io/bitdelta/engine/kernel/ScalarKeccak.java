package io.bitdelta.engine.kernel;

import io.bitdelta.engine.commit.Keccak256;

/** One message at a time: the reference. */
final class ScalarKeccak implements KeccakKernel {
    ScalarKeccak() {}

    @Override
    public int lanes() {
        return 1;
    }

    @Override
    public void hash(byte[] messages, int length, int stride, byte[] hashes) {
        byte[] hash = new Keccak256().update(messages, 0, length).finish().bytes();
        System.arraycopy(hash, 0, hashes, 0, hash.length);
    }
}
