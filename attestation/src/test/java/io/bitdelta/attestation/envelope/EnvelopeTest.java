package io.bitdelta.attestation.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.KeyFactory;
import java.security.SecureRandom;
import java.security.spec.EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import javax.crypto.KEM;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.crypto.kems.MLKEMExtractor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EnvelopeTest {
    private static final int CHUNK = 256 << 10;

    private final SecureRandom random = new SecureRandom();
    private final RecipientPrivateKey alice = RecipientPrivateKey.generate(random);
    private final RecipientPrivateKey bob = RecipientPrivateKey.generate(random);

    private byte[] seal(byte[] plain, RecipientPrivateKey... recipients) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Envelope.seal(
                new ByteArrayInputStream(plain),
                out,
                Arrays.stream(recipients).map(RecipientPrivateKey::publicKey).toList(),
                random);
        return out.toByteArray();
    }

    private static byte[] open(byte[] sealed, RecipientPrivateKey recipient) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Envelope.open(new ByteArrayInputStream(sealed), out, recipient);
        return out.toByteArray();
    }

    private static byte[] bytes(int length) {
        byte[] out = new byte[length];
        new Random(length).nextBytes(out);
        return out;
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                0,
                1,
                CHUNK - 1,
                CHUNK,
                CHUNK + 1,
                2 * CHUNK,
                3 * CHUNK + 17,
                4 * CHUNK - 1,
                4 * CHUNK,
                4 * CHUNK + 1,
                8 * CHUNK,
                17 * CHUNK + 5
            })
    void whatIsSealedIsOpenedByEachRecipient(int length) throws Exception {
        byte[] plain = bytes(length);
        byte[] sealed = seal(plain, alice, bob);
        assertThat(open(sealed, alice)).isEqualTo(plain);
        assertThat(open(sealed, bob)).isEqualTo(plain);
        assertReason(
                () -> open(sealed, RecipientPrivateKey.generate(random)), EnvelopeException.Reason.NOT_A_RECIPIENT);
    }

    @Test
    void everyCutIsNoticed() throws Exception {
        byte[] sealed = seal(bytes(2 * CHUNK), alice);
        int header = sealed.length - 2 * (CHUNK + 16);
        for (int length : new int[] {
            sealed.length - 1, sealed.length - 16, header + CHUNK + 16, header + CHUNK + 17, header + 15, header + 1
        }) {
            assertThatThrownBy(() -> open(Arrays.copyOf(sealed, length), alice)).isInstanceOf(EnvelopeException.class);
        }
        for (int length = 0; length < header; length += 7) {
            int cut = length;
            assertThatThrownBy(() -> open(Arrays.copyOf(sealed, cut), alice)).isInstanceOf(EnvelopeException.class);
        }
        assertThatThrownBy(() -> open(Arrays.copyOf(sealed, header), alice)).isInstanceOf(EnvelopeException.class);
        assertThatThrownBy(() -> open(Arrays.copyOf(sealed, sealed.length + 1), alice))
                .isInstanceOf(EnvelopeException.class);
    }

    @Test
    void everyChangedByteIsNoticed() throws Exception {
        byte[] sealed = seal(bytes(100), alice);
        for (int i = 0; i < sealed.length; i += 3) {
            byte[] changed = sealed.clone();
            changed[i] ^= 1;
            assertThatThrownBy(() -> open(changed, alice)).as("byte %d", i).isInstanceOf(EnvelopeException.class);
        }
    }

    @Test
    void chunksCanNotBeSwapped() throws Exception {
        byte[] sealed = seal(bytes(3 * CHUNK), alice);
        int size = CHUNK + 16;
        int header = sealed.length - 3 * size;
        byte[] swapped = sealed.clone();
        System.arraycopy(sealed, header, swapped, header + size, size);
        System.arraycopy(sealed, header + size, swapped, header, size);
        assertReason(() -> open(swapped, alice), EnvelopeException.Reason.ALTERED);
    }

    @Test
    void streamsAreSealedAndOpenedInConstantMemory() throws Exception {
        long length = 96L << 20;
        InputStream zeros = new InputStream() {
            private long left = length;

            @Override
            public int read() {
                return left-- > 0 ? 0 : -1;
            }

            @Override
            public int read(byte[] target, int offset, int count) {
                int n = (int) Math.min(left, count);
                left -= n;
                return n == 0 ? -1 : n;
            }
        };
        long[] written = new long[1];
        OutputStream counter = new OutputStream() {
            @Override
            public void write(int b) {
                written[0]++;
            }

            @Override
            public void write(byte[] b, int offset, int count) {
                written[0] += count;
            }
        };
        Envelope.seal(zeros, counter, List.of(alice.publicKey()), random);
        assertThat(written[0]).isBetween(length, length + length / 1000);
    }

    @Test
    void unreducedAndShortKeysAreRefused() {
        byte[] key = alice.publicKey().bytes();
        key[32] = (byte) 0xff;
        key[33] = (byte) 0xff;
        assertThatThrownBy(() -> RecipientPublicKey.of(key)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RecipientPublicKey.of(new byte[32])).hasMessageContaining("1216");
        assertThatThrownBy(() -> seal(new byte[1], alice, alice)).hasMessageContaining("different recipients");
        assertThat(alice.toString())
                .doesNotContain(HexFormat.of().formatHex(alice.bytes()).substring(0, 16));
    }

    @Test
    void theKeyAgreementAgreesWithThePlatformsOwn() throws Exception {
        byte[] raw = Arrays.copyOfRange(alice.publicKey().bytes(), 32, RecipientPublicKey.LENGTH);
        byte[] spki = new SubjectPublicKeyInfo(
                        new AlgorithmIdentifier(
                                new org.bouncycastle.asn1.ASN1ObjectIdentifier("2.16.840.1.101.3.4.4.2")),
                        raw)
                .getEncoded();
        EncodedKeySpec spec = new java.security.spec.X509EncodedKeySpec(spki);
        var platform = KeyFactory.getInstance("ML-KEM").generatePublic(spec);
        KEM.Encapsulated encapsulated =
                KEM.getInstance("ML-KEM").newEncapsulator(platform).encapsulate();
        assertThat(new MLKEMExtractor(alice.mlkem()).extractSecret(encapsulated.encapsulation()))
                .isEqualTo(encapsulated.key().getEncoded());
    }

    private static void assertReason(
            org.assertj.core.api.ThrowableAssert.ThrowingCallable call, EnvelopeException.Reason reason) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        EnvelopeException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }
}
