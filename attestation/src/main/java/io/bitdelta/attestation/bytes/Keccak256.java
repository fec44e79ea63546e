package io.bitdelta.attestation.bytes;

import java.nio.charset.StandardCharsets;
import org.bouncycastle.crypto.digests.KeccakDigest;

/** Keccak-256 as the chain computes it (the padding before SHA-3). */
public final class Keccak256 {
    private Keccak256() {}

    /** The hash of the concatenation of {@code parts}. */
    public static Bytes32 of(byte[]... parts) {
        KeccakDigest digest = new KeccakDigest(256);
        for (byte[] part : parts) {
            digest.update(part, 0, part.length);
        }
        byte[] out = new byte[Bytes32.LENGTH];
        digest.doFinal(out, 0);
        return Bytes32.of(out);
    }

    /** The hash of the UTF-8 bytes. */
    public static Bytes32 ofText(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The tag {@code T(name)} of FORMATS: the hash of {@code bitdelta.<name>.v1}. */
    public static Bytes32 tag(String name) {
        return ofText("bitdelta." + name + ".v1");
    }
}
