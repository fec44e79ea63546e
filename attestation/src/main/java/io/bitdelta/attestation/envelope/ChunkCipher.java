package io.bitdelta.attestation.envelope;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-256-GCM over numbered chunks (the STREAM construction): the nonce of chunk i is 7 zero bytes, i as 4 bytes and a
 * byte that is 1 for the last chunk. A key encrypts one stream only.
 */
final class ChunkCipher {
    static final int TAG = 16;

    private static final int NONCE = 12;

    private final Cipher cipher;
    private final SecretKeySpec key;
    private final int mode;
    private final byte[] header;
    private int counter;

    ChunkCipher(boolean encrypt, byte[] key, byte[] headerHash) {
        try {
            this.cipher = Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES-GCM", e);
        }
        this.key = new SecretKeySpec(key, "AES");
        this.mode = encrypt ? Cipher.ENCRYPT_MODE : Cipher.DECRYPT_MODE;
        this.header = headerHash.clone();
    }

    /**
     * Transforms the next chunk.
     *
     * @return bytes written to {@code out}
     * @throws AEADBadTagException when an opened chunk is not the one that was sealed at this place
     */
    int next(byte[] in, int offset, int length, boolean last, byte[] out) throws GeneralSecurityException {
        if (counter < 0) {
            throw new IllegalStateException("more than 2^31 chunks");
        }
        byte[] nonce = ByteBuffer.allocate(NONCE)
                .position(7)
                .putInt(counter)
                .put((byte) (last ? 1 : 0))
                .array();
        counter++;
        cipher.init(mode, key, new GCMParameterSpec(8 * TAG, nonce));
        cipher.updateAAD(header);
        return cipher.doFinal(in, offset, length, out, 0);
    }
}
