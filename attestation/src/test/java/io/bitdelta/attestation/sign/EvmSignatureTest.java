package io.bitdelta.attestation.sign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.bytes.Keccak256;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class EvmSignatureTest {
    /** The first account of the well-known development mnemonic. */
    private static final byte[] SECRET =
            HexFormat.of().parseHex("ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80");

    private final Secp256k1Key key = Secp256k1Key.fromPrivate(SECRET);

    @Test
    void addressOfAWellKnownKey() {
        assertThat(key.address().hex()).isEqualTo("0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266");
    }

    @Test
    void signaturesAreDeterministicAsRfc6979Says() {
        // Key 1, message "Satoshi Nakamoto" with SHA-256: the vector that secp256k1 libraries share.
        Secp256k1Key one = Secp256k1Key.fromPrivate(one());
        EvmSignature signature = one.sign(sha256("Satoshi Nakamoto"));
        assertThat(signature.r().toString(16))
                .isEqualTo("934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d8");
        assertThat(signature.s().toString(16))
                .isEqualTo("2442ce9d2b916064108014783e923ec36b49743e2ffa1c4496f01a512aafd9e5");
    }

    @Test
    void personalMessagesFollowEip191() {
        Bytes32 digest = Secp256k1Key.personalDigest("hello".getBytes(StandardCharsets.UTF_8));
        assertThat(digest.hex()).isEqualTo("0x50b2c43fd39106bafbba0da34fc430e1f91e3c96ea2acee2bc34119f92b37750");
    }

    @Property(tries = 60)
    void aSignatureRecoversToItsSigner(@ForAll @Size(32) byte[] digest) {
        EvmSignature signature = key.sign(digest);
        assertThat(signature.recover(Bytes32.of(digest))).isEqualTo(key.address());
        assertThat(EvmSignature.parse(signature.bytes())).isEqualTo(signature);
    }

    @Property(tries = 60)
    void theSecondFormOfASignatureIsRefused(@ForAll @Size(32) byte[] digest) {
        EvmSignature signature = key.sign(digest);
        BigInteger high = Secp256k1.N.subtract(signature.s());
        assertThatThrownBy(() -> new EvmSignature(signature.r(), high, signature.v() == 27 ? 28 : 27))
                .isInstanceOf(SignatureException.class)
                .hasMessageContaining("high s");
    }

    @Property(tries = 200)
    void anyFlippedBitIsRefusedOrRecoversToAnother(@ForAll @IntRange(max = 519) int bit) {
        Bytes32 digest = Keccak256.ofText("digest");
        byte[] bytes = key.sign(digest).bytes();
        bytes[bit / 8] ^= (byte) (1 << (bit % 8));
        EvmAddress recovered;
        try {
            recovered = EvmSignature.parse(bytes).recover(digest);
        } catch (SignatureException e) {
            return;
        }
        assertThat(recovered).isNotEqualTo(key.address());
    }

    @Test
    void zeroAndOversizedValuesAreRefused() {
        BigInteger one = BigInteger.ONE;
        BigInteger zero = BigInteger.ZERO;
        assertThatThrownBy(() -> new EvmSignature(zero, one, 27)).hasMessageContaining("r is not in");
        assertThatThrownBy(() -> new EvmSignature(Secp256k1.N, one, 27)).hasMessageContaining("r is not in");
        assertThatThrownBy(() -> new EvmSignature(one, zero, 27)).hasMessageContaining("s is not in");
        for (int v : new int[] {0, 1, 26, 29, 255}) {
            assertThatThrownBy(() -> new EvmSignature(one, one, v)).hasMessageContaining("v is " + v);
        }
        assertThatThrownBy(() -> EvmSignature.parse(new byte[64])).hasMessageContaining("64 bytes");
        assertThatThrownBy(() -> Secp256k1Key.fromPrivate(new byte[32])).hasMessageContaining("[1, n)");
        assertThatThrownBy(() -> Secp256k1Key.fromPrivate(new byte[31])).hasMessageContaining("31 bytes");
    }

    @Test
    void aPrintedKeyShowsItsAddressOnly() {
        assertThat(key.toString()).contains(key.address().hex()).doesNotContain("ac0974");
    }

    private static byte[] one() {
        byte[] out = new byte[32];
        out[31] = 1;
        return out;
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
