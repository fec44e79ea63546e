package io.bitdelta.attestation.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.junit.jupiter.api.Test;

/** Signatures that the platform made, checked here; and what is none. */
final class VerifyingKeyTest {
    private static final KeyPair P256 = OwnPki.ec("secp256r1");
    private static final KeyPair P384 = OwnPki.ec("secp384r1");
    private static final BigInteger N256 =
            new BigInteger("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551", 16);

    private static VerifyingKey key(KeyPair keys) {
        return VerifyingKey.ofSubjectPublicKeyInfo(keys.getPublic().getEncoded());
    }

    private static byte[] rs(BigInteger r, BigInteger s) {
        byte[] out = new byte[64];
        for (int i = 0; i < 32; i++) {
            out[31 - i] = r.shiftRight(8 * i).byteValue();
            out[63 - i] = s.shiftRight(8 * i).byteValue();
        }
        return out;
    }

    @Property(tries = 30)
    void whatThePlatformSignsHoldsForThatKeyAndMessageAlone(@ForAll byte[] message) {
        byte[] other = Arrays.copyOf(message, message.length + 1);
        byte[] short256 = OwnPki.sign(P256, message);
        byte[] long384 = OwnPki.sign(P384, message);
        assertThat(key(P256).p256(message, short256)).isTrue();
        assertThat(key(P384).p384(message, long384)).isTrue();
        assertThat(VerifyingKey.ofP256(OwnPki.xy(P256)).p256(message, short256)).isTrue();
        assertThat(key(P256).p256(other, short256)).isFalse();
        assertThat(key(P384).p384(other, long384)).isFalse();
        assertThat(key(OwnPki.ec("secp256r1")).p256(message, short256)).isFalse();
    }

    @Test
    void aKeyOfAnotherCurveSignedNothing() throws GeneralSecurityException {
        byte[] message = new byte[3];
        assertThat(key(P384).p256(message, OwnPki.sign(P256, message))).isFalse();
        assertThat(key(P256).p384(message, OwnPki.sign(P384, message))).isFalse();
        KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
        rsa.initialize(3072);
        assertThat(key(rsa.generateKeyPair()).p256(message, OwnPki.sign(P256, message)))
                .isFalse();
    }

    @Test
    void numbersOutsideTheirRangeAndOtherLengthsAreNoSignature() {
        byte[] message = new byte[3];
        byte[] good = OwnPki.sign(P256, message);
        BigInteger r = new BigInteger(1, good, 0, 32);
        BigInteger s = new BigInteger(1, good, 32, 32);
        for (byte[] bad : List.of(
                rs(BigInteger.ZERO, s),
                rs(r, BigInteger.ZERO),
                rs(N256, s),
                rs(r, N256),
                rs(BigInteger.ZERO, BigInteger.ZERO),
                Arrays.copyOf(good, 63),
                Arrays.copyOf(good, 65),
                new byte[0])) {
            assertThat(key(P256).p256(message, bad)).isFalse();
        }
    }

    @Test
    void derSignaturesAreReadStrictly() throws GeneralSecurityException {
        byte[] message = "text".getBytes(StandardCharsets.UTF_8);
        Signature signer = Signature.getInstance("SHA256withECDSA");
        signer.initSign(P256.getPrivate());
        signer.update(message);
        byte[] der = signer.sign();
        AlgorithmIdentifier algorithm = new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
        assertThat(key(P256).signed(algorithm, message, der)).isTrue();
        assertThat(key(P256).signed(algorithm, message, Arrays.copyOf(der, der.length + 1)))
                .isFalse();
        assertThat(key(P256).signed(algorithm, message, Arrays.copyOf(der, der.length - 1)))
                .isFalse();
        assertThat(key(P256).signed(algorithm, message, new byte[] {0x30, 0})).isFalse();
        AlgorithmIdentifier sha1 = new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA1);
        assertThatThrownBy(() -> key(P256).signed(sha1, message, der)).isInstanceOf(PkiException.class);
    }

    @Test
    void keysOffTheCurveOfOtherCurvesAndTooShortAreRefused() throws GeneralSecurityException {
        byte[] off = OwnPki.xy(P256);
        off[63] ^= 1;
        assertThatThrownBy(() -> VerifyingKey.ofP256(off)).isInstanceOf(PkiException.class);
        assertThatThrownBy(() -> VerifyingKey.ofP256(new byte[64])).isInstanceOf(PkiException.class);
        assertThatThrownBy(() -> VerifyingKey.ofP256(new byte[63])).isInstanceOf(PkiException.class);
        assertThatThrownBy(() -> key(OwnPki.ec("secp521r1"))).isInstanceOf(PkiException.class);
        KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
        rsa.initialize(2048);
        KeyPair tooShort = rsa.generateKeyPair();
        assertThatThrownBy(() -> key(tooShort)).isInstanceOf(PkiException.class).hasMessageContaining("2048");
        assertThatThrownBy(() -> VerifyingKey.ofSubjectPublicKeyInfo(new byte[] {0x30, 0}))
                .isInstanceOf(PkiException.class);
    }

    @Test
    void theSameBytesGiveTheSameCertificateAndDamagedOnesNone() {
        CertCache cache = new CertCache();
        byte[] der = OwnPki.root("CN=root", "secp256r1").der();
        Cert first = cache.parse(der);
        assertThat(cache.parse(der.clone())).isSameAs(first);
        byte[] pem = OwnPki.pem(der).getBytes(StandardCharsets.US_ASCII);
        assertThat(cache.parsePem(pem).getFirst()).isSameAs(first);
        assertThat(cache.parsePem(pem.clone()).getFirst()).isSameAs(first);
        byte[] damaged = Arrays.copyOf(der, der.length - 1);
        assertThatThrownBy(() -> cache.parse(damaged)).isInstanceOf(PkiException.class);
        assertThatThrownBy(() -> cache.parse(damaged)).isInstanceOf(PkiException.class);
    }
}
