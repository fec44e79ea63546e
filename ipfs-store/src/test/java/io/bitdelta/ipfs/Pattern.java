package io.bitdelta.ipfs;

import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Deterministic bytes of any length: the AES-128-CTR key stream of an all-zero key and counter. */
public final class Pattern {
    private Pattern() {}

    /** The first {@code length} bytes, not held in memory. */
    public static InputStream stream(long length) {
        try {
            Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(new byte[16], "AES"), new IvParameterSpec(new byte[16]));
            return new InputStream() {
                private final byte[] zeros = new byte[1 << 16];
                private long left = length;

                @Override
                public int read() {
                    byte[] one = new byte[1];
                    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
                }

                @Override
                public int read(byte[] target, int offset, int wanted) {
                    if (left == 0) {
                        return -1;
                    }
                    try {
                        int length = (int) Math.min(Math.min(wanted, zeros.length), left);
                        left -= length;
                        return cipher.update(zeros, 0, length, target, offset);
                    } catch (GeneralSecurityException e) {
                        throw new IllegalStateException(e);
                    }
                }
            };
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The first {@code length} bytes. */
    public static byte[] bytes(int length) {
        try (InputStream stream = stream(length)) {
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
