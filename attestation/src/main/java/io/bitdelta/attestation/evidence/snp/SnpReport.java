package io.bitdelta.attestation.evidence.snp;

import io.bitdelta.attestation.bytes.ByteReader;
import io.bitdelta.attestation.bytes.TruncatedException;
import java.util.Arrays;

/** The fields of an attestation report; integers are little-endian. Bytes after the first 1184 are ignored. */
final class SnpReport {
    static final int LENGTH = 1184;
    static final int SIGNED = 0x2A0;

    private static final int COMPONENT = 72;
    private static final int P384 = 48;

    private final byte[] bytes;

    private SnpReport(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Parses; throws {@link TruncatedException}. */
    static SnpReport parse(byte[] bytes) {
        if (bytes.length < LENGTH) {
            throw new TruncatedException(0, LENGTH, bytes.length);
        }
        return new SnpReport(Arrays.copyOf(bytes, LENGTH));
    }

    private long u32(int offset) {
        ByteReader reader = new ByteReader(bytes);
        reader.skip(offset);
        return reader.u32();
    }

    int version() {
        return (int) u32(0);
    }

    /** 64 bits of guest policy. */
    long policy() {
        return u32(8) | (u32(12) << 32);
    }

    int vmpl() {
        return (int) u32(0x30);
    }

    long signatureAlgorithm() {
        return u32(0x34);
    }

    /** 0 VCEK, 1 VLEK, others none of these. */
    int signingKey() {
        return (int) (u32(0x48) >> 2) & 7;
    }

    byte[] reportData() {
        return bytes(0x50, 64);
    }

    byte[] measurement() {
        return bytes(0x90, 48);
    }

    byte[] hostData() {
        return bytes(0xC0, 32);
    }

    /** The TCB that the signing key is derived from; the current one may be ahead. */
    byte[] reportedTcb() {
        return bytes(0x180, 8);
    }

    /** The processor's family (from version 3). */
    int cpuFamily() {
        return bytes[0x188] & 0xff;
    }

    /** The processor's model (from version 3). */
    int cpuModel() {
        return bytes[0x189] & 0xff;
    }

    byte[] chipId() {
        return bytes(0x1A0, 64);
    }

    byte[] signed() {
        return bytes(0, SIGNED);
    }

    /** r and s of 48 bytes each, big-endian; empty when either does not fit. */
    byte[] signature() {
        byte[] out = new byte[2 * P384];
        for (int part = 0; part < 2; part++) {
            for (int i = 0; i < COMPONENT; i++) {
                byte value = bytes[SIGNED + part * COMPONENT + i];
                if (i < P384) {
                    out[part * P384 + P384 - 1 - i] = value;
                } else if (value != 0) {
                    return new byte[0];
                }
            }
        }
        return out;
    }

    private byte[] bytes(int offset, int length) {
        return Arrays.copyOfRange(bytes, offset, offset + length);
    }
}
