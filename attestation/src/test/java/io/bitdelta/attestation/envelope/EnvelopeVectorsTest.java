package io.bitdelta.attestation.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.attestation.bytes.HexText;
import io.bitdelta.attestation.json.CanonicalJson;
import io.bitdelta.attestation.json.JsonObject;
import io.bitdelta.attestation.json.JsonValue;
import io.bitdelta.attestation.json.ObjectBuilder;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The vectors of the format's page: other implementations can be checked with them, and so is this one. */
final class EnvelopeVectorsTest {
    private static final Path FILE = Path.of("docs/envelope-vectors.json");

    /** Above this the vectors give the hash of the sealed bytes instead of the bytes. */
    private static final int SHORT = 64;

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** The stream SHA-256(seed | 0), SHA-256(seed | 1), …, with the counter as 4 big-endian bytes. */
    private static final class Stream extends SecureRandom {
        private static final long serialVersionUID = 1L;

        private final byte[] seed;
        private int counter;
        private byte[] block = new byte[0];

        Stream(String seed) {
            this.seed = HexText.parse(seed);
        }

        @Override
        public void nextBytes(byte[] out) {
            for (int i = 0; i < out.length; i++) {
                if (block.length == 0) {
                    block = sha256(ByteBuffer.allocate(seed.length + 4)
                            .put(seed)
                            .putInt(counter++)
                            .array());
                }
                out[i] = block[0];
                block = Arrays.copyOfRange(block, 1, block.length);
            }
        }
    }

    private static byte[] pattern(int length) {
        byte[] out = new byte[length];
        for (int i = 0; i < length; i++) {
            out[i] = (byte) (i % 251);
        }
        return out;
    }

    private static byte[] seal(byte[] plain, List<RecipientPublicKey> recipients, String seed) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Envelope.seal(new ByteArrayInputStream(plain), out, recipients, new Stream(seed));
        return out.toByteArray();
    }

    private static byte[] open(byte[] sealed, RecipientPrivateKey recipient) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Envelope.open(new ByteArrayInputStream(sealed), out, recipient);
        return out.toByteArray();
    }

    private static JsonObject vectors() throws IOException {
        return JsonObject.of("vectors", CanonicalJson.readAny(Files.readAllBytes(FILE), 4 << 20));
    }

    private static List<RecipientPrivateKey> recipients(JsonObject vector) {
        return vector.texts("recipientSecrets").stream()
                .map(hex -> RecipientPrivateKey.of(HexText.parse(hex)))
                .toList();
    }

    private static byte[] plain(JsonObject vector) {
        return pattern((int) vector.whole("plaintextLength", 0, 1 << 24));
    }

    @Test
    void theSeedsGiveTheSealedBytes() throws IOException {
        for (JsonObject vector : vectors().objects("sealed")) {
            List<RecipientPrivateKey> recipients = recipients(vector);
            assertThat(recipients.stream().map(r -> HexText.of(r.publicKey().bytes())))
                    .containsExactlyElementsOf(vector.texts("recipientKeys"));
            byte[] sealed = seal(
                    plain(vector),
                    recipients.stream().map(RecipientPrivateKey::publicKey).toList(),
                    vector.text("randomSeed"));
            assertThat(HexText.of(sha256(sealed))).isEqualTo(vector.text("sealedSha256"));
            if (vector.has("sealed")) {
                assertThat(HexText.of(sealed)).isEqualTo(vector.text("sealed"));
            }
        }
    }

    @Test
    void everyRecipientOpensTheSealedBytes() throws IOException {
        int opened = 0;
        for (JsonObject vector : vectors().objects("sealed")) {
            if (vector.has("sealed")) {
                for (RecipientPrivateKey recipient : recipients(vector)) {
                    assertThat(open(HexText.parse(vector.text("sealed")), recipient))
                            .isEqualTo(plain(vector));
                    opened++;
                }
            }
        }
        assertThat(opened).isGreaterThanOrEqualTo(3);
    }

    @Test
    void theRefusedOnesAreRefusedForTheStatedReason() throws IOException {
        List<JsonObject> refused = vectors().objects("refused");
        assertThat(refused).isNotEmpty();
        for (JsonObject vector : refused) {
            RecipientPrivateKey recipient = RecipientPrivateKey.of(HexText.parse(vector.text("recipientSecret")));
            assertThatThrownBy(() -> open(HexText.parse(vector.text("bytes")), recipient))
                    .as(vector.text("what"))
                    .isInstanceOfSatisfying(
                            EnvelopeException.class,
                            e -> assertThat(e.reason().name()).isEqualTo(vector.text("reason")));
        }
    }

    /** Writes the file anew. */
    public static void main(String[] arguments) throws IOException {
        byte[] one = new byte[96];
        new Stream("0x01").nextBytes(one);
        byte[] two = new byte[96];
        new Stream("0x02").nextBytes(two);
        List<JsonValue> sealed = new ArrayList<>();
        int[] lengths = {0, 1, SHORT, 262_143, 262_144, 262_145};
        for (int i = 0; i < lengths.length; i++) {
            sealed.add(vector(lengths[i], List.of(one), "0x%04x".formatted(0xa0 + i)));
        }
        sealed.add(vector(11, List.of(one, two), "0x00b0"));
        byte[] plain = pattern(SHORT);
        RecipientPrivateKey recipient = RecipientPrivateKey.of(one);
        byte[] good = seal(plain, List.of(recipient.publicKey()), "0x00c0");
        int end = good.length;
        byte[] lastByte = good.clone();
        lastByte[end - 1] ^= 1;
        byte[] magic = good.clone();
        magic[0] ^= 1;
        byte[] header = good.clone();
        header[new String(good, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("\"wrapped\":\"") + 12] ^= 1;
        List<JsonValue> refused = List.of(
                refused("the last byte of the tag flipped", "TRUNCATED", lastByte, one),
                refused("the first byte flipped", "MALFORMED", magic, one),
                refused("the wrapped key altered", "ALTERED", header, one),
                refused("cut in the tag", "TRUNCATED", Arrays.copyOf(good, end - 1), one),
                refused("cut before chunk 0", "TRUNCATED", Arrays.copyOf(good, end - SHORT - 16), one),
                refused("a byte appended", "TRUNCATED", Arrays.copyOf(good, end + 1), one),
                refused("another recipient", "NOT_A_RECIPIENT", good, two));
        Files.write(
                FILE,
                CanonicalJson.write(new ObjectBuilder()
                        .put("refused", new JsonValue.Items(refused))
                        .put("sealed", new JsonValue.Items(sealed))
                        .build()));
    }

    private static JsonValue vector(int length, List<byte[]> secrets, String seed) throws IOException {
        List<RecipientPublicKey> keys = secrets.stream()
                .map(RecipientPrivateKey::of)
                .map(RecipientPrivateKey::publicKey)
                .toList();
        byte[] sealed = seal(pattern(length), keys, seed);
        ObjectBuilder out = new ObjectBuilder()
                .put("plaintextLength", length)
                .put("randomSeed", seed)
                .put(
                        "recipientKeys",
                        JsonValue.texts(
                                keys.stream().map(k -> HexText.of(k.bytes())).toList()))
                .put(
                        "recipientSecrets",
                        JsonValue.texts(secrets.stream().map(HexText::of).toList()))
                .put("sealedSha256", HexText.of(sha256(sealed)));
        if (length <= SHORT) {
            out.put("sealed", HexText.of(sealed));
        }
        return out.build();
    }

    private static JsonValue refused(String what, String reason, byte[] bytes, byte[] secret) {
        return new ObjectBuilder()
                .put("bytes", HexText.of(bytes))
                .put("reason", reason)
                .put("recipientSecret", HexText.of(secret))
                .put("what", what)
                .build();
    }
}
