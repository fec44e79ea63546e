package io.bitdelta.attestation.binding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.bytes.Keccak256;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The statement against the bytes of FORMATS section 6, put together by hand. */
final class StatementTest {
    private static final EvmAddress REGISTRY = EvmAddress.of("0x" + "5a".repeat(20));
    private static final EvmAddress SESSION = EvmAddress.of("0x" + "c3".repeat(20));
    private static final Statement FULL =
            new Statement(31337, REGISTRY, filled(1), filled(2), filled(3), filled(4), filled(5), 2_000_000_000L);

    private static Bytes32 filled(int value) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) value);
        return Bytes32.of(bytes);
    }

    private static byte[] word(long value) {
        byte[] bytes = BigInteger.valueOf(value).toByteArray();
        byte[] out = new byte[32];
        System.arraycopy(bytes, 0, out, 32 - bytes.length, bytes.length);
        return out;
    }

    private static byte[] word(EvmAddress address) {
        byte[] out = new byte[32];
        System.arraycopy(address.bytes(), 0, out, 12, 20);
        return out;
    }

    private static byte[] tag(String name) {
        return Keccak256.of(("bitdelta." + name + ".v1").getBytes(StandardCharsets.US_ASCII))
                .bytes();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    @Test
    void theHashIsOfNineWordsInTheOrderOfTheFormat() {
        byte[] words = join(
                tag("statement"),
                word(31337),
                word(REGISTRY),
                filled(1).bytes(),
                filled(2).bytes(),
                filled(3).bytes(),
                filled(4).bytes(),
                filled(5).bytes(),
                word(2_000_000_000L));
        assertThat(words).hasSize(9 * 32);
        assertThat(FULL.hash()).isEqualTo(Keccak256.of(words));
    }

    @Test
    void reportDataIsTheHashAndThirtyTwoZeros() {
        assertThat(FULL.reportData()).isEqualTo(join(FULL.hash().bytes(), new byte[32]));
    }

    @Test
    void theShortFormHasNoClaimNoKeyAndNoGpu() {
        assertThat(Statement.of(31337, REGISTRY, filled(1), filled(2), 7))
                .isEqualTo(new Statement(
                        31337, REGISTRY, filled(1), filled(2), Bytes32.ZERO, Bytes32.ZERO, Bytes32.ZERO, 7));
    }

    @Test
    void aSessionKeyEntersAsTheHashOfItsWord() {
        assertThat(Statement.sessionKeyHash(SESSION)).isEqualTo(Keccak256.of(word(SESSION)));
    }

    @Test
    void theChallengeOfAGpuIsDerivedFromTheNonce() {
        assertThat(Statement.gpuNonce(filled(2)))
                .isEqualTo(Keccak256.of(join(tag("gpu"), filled(2).bytes())));
        assertThat(Statement.gpuNonce(filled(3))).isNotEqualTo(Statement.gpuNonce(filled(2)));
    }

    @Test
    void chainsBelowOneAndNegativeTimesAreRefused() {
        assertThatThrownBy(() -> Statement.of(0, REGISTRY, filled(1), filled(2), 7))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("chain id 0");
        assertThatThrownBy(() -> Statement.of(1, REGISTRY, filled(1), filled(2), -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expiry -1");
        assertThat(Statement.of(1, REGISTRY, filled(1), filled(2), 0).expiry()).isZero();
    }
}
