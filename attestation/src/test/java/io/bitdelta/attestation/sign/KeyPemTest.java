package io.bitdelta.attestation.sign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class KeyPemTest {
    private static final byte[] MESSAGE = "a manifest".getBytes(StandardCharsets.UTF_8);

    private static byte[] pem(String type, byte[] der) {
        String text = "-----BEGIN " + type + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END "
                + type + "-----\n";
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @ParameterizedTest
    @EnumSource(value = SignatureScheme.class, mode = EnumSource.Mode.EXCLUDE, names = "SECP256K1")
    void aKeyComesBackAsItWas(SignatureScheme scheme) {
        SigningKey key = SigningKey.generate(scheme, new SecureRandom());
        SigningKey again = KeyPem.readSecret(KeyPem.secret(key));
        assertThat(again.scheme()).isEqualTo(scheme);
        assertThat(again.publicKey()).isEqualTo(key.publicKey());
        assertThat(again.sign(MESSAGE)).isEqualTo(key.sign(MESSAGE));
        KeyPem.PublicKey open = KeyPem.readOpen(KeyPem.open(key));
        assertThat(open.scheme()).isEqualTo(scheme);
        assertThat(open.bytes()).isEqualTo(key.publicKey());
    }

    @Test
    void keysOfAnotherProgramAreRead() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        var pair = generator.generateKeyPair();
        SigningKey key = KeyPem.readSecret(pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
        KeyPem.PublicKey open =
                KeyPem.readOpen(pem("PUBLIC KEY", pair.getPublic().getEncoded()));
        assertThat(open.bytes()).isEqualTo(key.publicKey());
        assertThat(open.scheme().verify(open.bytes(), MESSAGE, key.sign(MESSAGE)))
                .isTrue();
        var edwards = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        assertThat(KeyPem.readOpen(pem("PUBLIC KEY", edwards.getPublic().getEncoded()))
                        .bytes())
                .isEqualTo(KeyPem.readSecret(
                                pem("PRIVATE KEY", edwards.getPrivate().getEncoded()))
                        .publicKey());
    }

    @Test
    void keysOfOtherKindsAreRefused() throws Exception {
        SigningKey account = SigningKey.generate(SignatureScheme.SECP256K1, new SecureRandom());
        assertThatThrownBy(() -> KeyPem.secret(account)).isInstanceOf(SignatureException.class);
        assertThatThrownBy(() -> KeyPem.open(account)).isInstanceOf(SignatureException.class);
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp384r1"));
        var pair = generator.generateKeyPair();
        assertThatThrownBy(
                        () -> KeyPem.readOpen(pem("PUBLIC KEY", pair.getPublic().getEncoded())))
                .isInstanceOf(SignatureException.class)
                .hasMessageContaining("not known here");
        assertThatThrownBy(() ->
                        KeyPem.readSecret(pem("PRIVATE KEY", pair.getPrivate().getEncoded())))
                .isInstanceOf(SignatureException.class);
        // The platform writes ML-DSA keys in their expanded form, from which no seed can be told.
        var expanded = KeyPairGenerator.getInstance("ML-DSA-65").generateKeyPair();
        assertThatThrownBy(() -> KeyPem.readSecret(
                        pem("PRIVATE KEY", expanded.getPrivate().getEncoded())))
                .isInstanceOf(SignatureException.class);
    }

    @Test
    void everyCutOfAFileIsRefusedAsAKeyFile() {
        SigningKey key = SigningKey.generate(SignatureScheme.ED25519, new SecureRandom());
        byte[] secret = KeyPem.secret(key);
        byte[] open = KeyPem.open(key);
        for (int length = 0; length < open.length - 2; length++) {
            byte[] cut = Arrays.copyOf(open, length);
            assertThatThrownBy(() -> KeyPem.readOpen(cut)).isInstanceOf(SignatureException.class);
        }
        for (int length = 0; length < secret.length - 2; length++) {
            byte[] cut = Arrays.copyOf(secret, length);
            assertThatThrownBy(() -> KeyPem.readSecret(cut)).isInstanceOf(SignatureException.class);
        }
        assertThatThrownBy(() -> KeyPem.readSecret(open)).hasMessageContaining("PUBLIC KEY");
        byte[] point = Base64.getMimeDecoder().decode("MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE" + "A".repeat(86) + "==");
        assertThatThrownBy(() -> KeyPem.readOpen(pem("PUBLIC KEY", point))).isInstanceOf(SignatureException.class);
    }
}
