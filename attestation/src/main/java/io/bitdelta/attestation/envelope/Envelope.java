package io.bitdelta.attestation.envelope;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.json.CanonicalJson;
import io.bitdelta.attestation.json.JsonException;
import io.bitdelta.attestation.json.JsonObject;
import io.bitdelta.attestation.json.JsonValue;
import io.bitdelta.attestation.json.ObjectBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Seals and opens streams. Layout: 8 bytes {@code BDENV1\r\n}, u32 length of the header (big-endian), the header as
 * canonical JSON, then chunks of 256 KiB of plaintext, each followed by its tag; the last one may be shorter or empty.
 * Every chunk authenticates the whole header and its own place.
 *
 * <p>A stream of more than four chunks is read ahead by a virtual thread while the cipher works; it is done with the stream
 * when the call ends, however it ends.
 */
public final class Envelope {
    /** The value of {@code schema}. */
    public static final String SCHEMA = "bitdelta/envelope/1";

    /** The most recipients of one envelope. */
    public static final int MAX_RECIPIENTS = 64;

    private static final byte[] MAGIC = "BDENV1\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final String AEAD = "A256GCM";
    private static final String KEM = "X25519+ML-KEM-768";
    private static final int CHUNK = 256 << 10;

    /** Chunks read at once: handing over every single one to another thread would cost a tenth of the speed. */
    private static final int AT_ONCE = 4;

    private static final int MAX_HEADER = 256 << 10;
    private static final int WRAPPED = 32 + ChunkCipher.TAG;

    private Envelope() {}

    /**
     * Seals a stream.
     *
     * @param in the plaintext, read to its end
     * @param out the envelope; not closed
     * @param recipients 1 to 64, none twice
     */
    public static void seal(InputStream in, OutputStream out, List<RecipientPublicKey> recipients, SecureRandom random)
            throws IOException {
        if (recipients.isEmpty()
                || recipients.size() > MAX_RECIPIENTS
                || Set.copyOf(recipients).size() != recipients.size()) {
            throw new IllegalArgumentException("1 to " + MAX_RECIPIENTS + " different recipients are needed");
        }
        byte[] contentKey = new byte[32];
        random.nextBytes(contentKey);
        try {
            byte[] header = CanonicalJson.write(header(recipients, contentKey, random));
            byte[] prefix = ByteBuffer.allocate(MAGIC.length + 4 + header.length)
                    .put(MAGIC)
                    .putInt(header.length)
                    .put(header)
                    .array();
            out.write(prefix);
            chunks(in, out, new ChunkCipher(true, contentKey, sha256(prefix)));
        } catch (GeneralSecurityException e) {
            throw new IOException("the platform's AES-GCM failed: " + e.getMessage(), e);
        } finally {
            Arrays.fill(contentKey, (byte) 0);
        }
    }

    private static void chunks(InputStream in, OutputStream out, ChunkCipher cipher)
            throws IOException, GeneralSecurityException {
        byte[] sealed = new byte[CHUNK + ChunkCipher.TAG];
        eachChunk(
                in,
                CHUNK,
                (bytes, offset, length, last) ->
                        out.write(sealed, 0, cipher.next(bytes, offset, length, last, sealed)));
    }

    /** What is done with the bytes of one chunk. */
    private interface ChunkWork {
        void take(byte[] bytes, int offset, int length, boolean last) throws IOException, GeneralSecurityException;
    }

    /** Hands out chunks of one size; the last one is shorter, possibly empty. */
    private static void eachChunk(InputStream in, int size, ChunkWork work)
            throws IOException, GeneralSecurityException {
        try (ReadAhead ahead = new ReadAhead(in, AT_ONCE * size)) {
            boolean last = false;
            while (!last) {
                ReadAhead.Portion portion = ahead.next();
                int at = 0;
                do {
                    int length = Math.min(size, portion.length() - at);
                    last = portion.last() && at + length == portion.length();
                    work.take(portion.bytes(), at, length, last);
                    at += length;
                } while (at < portion.length());
            }
        }
    }

    private static JsonValue header(List<RecipientPublicKey> recipients, byte[] contentKey, SecureRandom random)
            throws GeneralSecurityException {
        List<JsonValue> entries = new ArrayList<>();
        for (RecipientPublicKey recipient : recipients) {
            byte[] encapsulation = new byte[HybridKem.LENGTH];
            byte[] shared = HybridKem.encapsulate(recipient, random, encapsulation);
            byte[] wrapped = new byte[WRAPPED];
            new ChunkCipher(true, shared, recipient.id().bytes()).next(contentKey, 0, 32, true, wrapped);
            Arrays.fill(shared, (byte) 0);
            entries.add(new ObjectBuilder()
                    .base64("enc", encapsulation)
                    .put("key", recipient.id())
                    .base64("wrapped", wrapped)
                    .build());
        }
        return new ObjectBuilder()
                .put("aead", AEAD)
                .put("chunk", CHUNK)
                .put("kem", KEM)
                .put("recipients", new JsonValue.Items(entries))
                .put("schema", SCHEMA)
                .build();
    }

    /**
     * Opens a stream. Every byte that is written was authenticated; but only the return tells that the end was reached:
     * a caller that keeps what was written before an exception keeps a prefix.
     *
     * @param in the envelope, read to its end
     * @param out the plaintext; not closed
     * @throws EnvelopeException naming the property that does not hold
     */
    public static void open(InputStream in, OutputStream out, RecipientPrivateKey recipient) throws IOException {
        byte[] start = in.readNBytes(MAGIC.length + 4);
        if (start.length != MAGIC.length + 4 || !Arrays.equals(start, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new EnvelopeException(EnvelopeException.Reason.MALFORMED, "this is no envelope (BDENV1)");
        }
        int length = ByteBuffer.wrap(start).getInt(MAGIC.length);
        if (length < 0 || length > MAX_HEADER) {
            throw new EnvelopeException(
                    EnvelopeException.Reason.MALFORMED,
                    "the header claims " + length + " bytes, more than " + MAX_HEADER);
        }
        byte[] header = in.readNBytes(length);
        if (header.length != length) {
            throw new EnvelopeException(EnvelopeException.Reason.TRUNCATED, "the envelope ends in its header");
        }
        byte[] prefix = Arrays.copyOf(start, start.length + length);
        System.arraycopy(header, 0, prefix, start.length, length);
        byte[] contentKey = contentKey(header, recipient);
        try {
            openChunks(in, out, new ChunkCipher(false, contentKey, sha256(prefix)));
        } catch (GeneralSecurityException e) {
            throw new IOException("the platform's AES-GCM failed: " + e.getMessage(), e);
        } finally {
            Arrays.fill(contentKey, (byte) 0);
        }
    }

    private static void openChunks(InputStream in, OutputStream out, ChunkCipher cipher)
            throws IOException, GeneralSecurityException {
        byte[] opened = new byte[CHUNK];
        AtomicLong at = new AtomicLong();
        try {
            eachChunk(in, CHUNK + ChunkCipher.TAG, (bytes, offset, length, last) -> {
                out.write(opened, 0, openChunk(bytes, offset, length, last, opened, at.getAndAdd(length), cipher));
            });
        } finally {
            Arrays.fill(opened, (byte) 0);
        }
    }

    private static int openChunk(
            byte[] sealed, int offset, int length, boolean last, byte[] opened, long at, ChunkCipher cipher)
            throws EnvelopeException {
        if (length < ChunkCipher.TAG) {
            throw new EnvelopeException(
                    EnvelopeException.Reason.TRUNCATED, "the envelope ends in the tag at byte " + at);
        }
        try {
            return cipher.next(sealed, offset, length, last, opened);
        } catch (GeneralSecurityException e) {
            throw new EnvelopeException(
                    last ? EnvelopeException.Reason.TRUNCATED : EnvelopeException.Reason.ALTERED,
                    "the chunk at byte " + at + " is not what was sealed there"
                            + (last ? " (altered, or not the end)" : ""),
                    e);
        }
    }

    private static byte[] contentKey(byte[] header, RecipientPrivateKey recipient) throws EnvelopeException {
        Bytes32 id = recipient.publicKey().id();
        try {
            JsonObject root = JsonObject.of("envelope", CanonicalJson.read(header, MAX_HEADER));
            if (!root.text("schema").equals(SCHEMA)
                    || !root.text("aead").equals(AEAD)
                    || !root.text("kem").equals(KEM)
                    || root.keys().size() != 5) {
                throw new JsonException("envelope: not " + SCHEMA + " with " + KEM + " and " + AEAD);
            }
            root.whole("chunk", CHUNK, CHUNK);
            for (JsonObject entry : root.objects("recipients")) {
                if (entry.bytes32("key").equals(id)) {
                    return unwrap(entry.base64("enc"), entry.base64("wrapped"), recipient);
                }
            }
        } catch (JsonException e) {
            throw new EnvelopeException(EnvelopeException.Reason.MALFORMED, String.valueOf(e.getMessage()), e);
        }
        throw new EnvelopeException(
                EnvelopeException.Reason.NOT_A_RECIPIENT, "the envelope is not sealed for the key " + id);
    }

    private static byte[] unwrap(byte[] encapsulation, byte[] wrapped, RecipientPrivateKey recipient)
            throws EnvelopeException {
        if (encapsulation.length != HybridKem.LENGTH || wrapped.length != WRAPPED) {
            throw new EnvelopeException(
                    EnvelopeException.Reason.MALFORMED, "a recipient entry has values of another length");
        }
        byte[] out = new byte[WRAPPED];
        try {
            byte[] shared = HybridKem.decapsulate(recipient, encapsulation);
            new ChunkCipher(false, shared, recipient.publicKey().id().bytes()).next(wrapped, 0, WRAPPED, true, out);
            Arrays.fill(shared, (byte) 0);
            return Arrays.copyOf(out, 32);
        } catch (GeneralSecurityException | IllegalStateException e) {
            throw new EnvelopeException(
                    EnvelopeException.Reason.ALTERED, "the wrapped key of this recipient was altered", e);
        }
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
