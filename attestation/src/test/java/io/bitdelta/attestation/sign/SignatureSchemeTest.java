package io.bitdelta.attestation.sign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class SignatureSchemeTest {
    private static final byte[] MESSAGE = "message".getBytes(StandardCharsets.UTF_8);

    private final SecureRandom random = new SecureRandom();

    @ParameterizedTest
    @EnumSource(SignatureScheme.class)
    void aSignatureHoldsForItsKeyAndMessageOnly(SignatureScheme scheme) {
        SigningKey key = SigningKey.generate(scheme, random);
        SigningKey other = SigningKey.generate(scheme, random);
        byte[] signature = key.sign(MESSAGE);
        assertThat(signature).hasSize(scheme.signatureLength()).isEqualTo(key.sign(MESSAGE));
        assertThat(scheme.verify(key.publicKey(), MESSAGE, signature)).isTrue();
        assertThat(scheme.verify(other.publicKey(), MESSAGE, signature)).isFalse();
        assertThat(scheme.verify(key.publicKey(), "massage".getBytes(StandardCharsets.UTF_8), signature))
                .isFalse();
        for (int i = 0; i < signature.length; i += 1 + signature.length / 100) {
            byte[] changed = signature.clone();
            changed[i] ^= 1;
            try {
                assertThat(scheme.verify(key.publicKey(), MESSAGE, changed))
                        .as("byte %d", i)
                        .isFalse();
            } catch (SignatureException refused) {
                assertThat(refused.getMessage()).isNotBlank();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(SignatureScheme.class)
    void otherLengthsAreRefused(SignatureScheme scheme) {
        SigningKey key = SigningKey.generate(scheme, random);
        byte[] signature = key.sign(MESSAGE);
        assertThatThrownBy(
                        () -> scheme.verify(key.publicKey(), MESSAGE, Arrays.copyOf(signature, signature.length + 1)))
                .isInstanceOf(SignatureException.class);
        assertThatThrownBy(() -> scheme.verify(new byte[5], MESSAGE, signature)).isInstanceOf(SignatureException.class);
        assertThatThrownBy(() -> SigningKey.of(scheme, new byte[31])).isInstanceOf(SignatureException.class);
    }

    @Test
    void theSecondFormAndPointsOffTheCurveAreRefused() {
        SigningKey key = SigningKey.generate(SignatureScheme.P256, random);
        byte[] signature = key.sign(MESSAGE);
        BigInteger n = new BigInteger("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551", 16);
        BigInteger s = n.subtract(new BigInteger(1, signature, 32, 32));
        byte[] malleated = SigningKey.P256.join(new BigInteger(1, signature, 0, 32), s);
        assertThatThrownBy(() -> SignatureScheme.P256.verify(key.publicKey(), MESSAGE, malleated))
                .hasMessageContaining("second form");
        byte[] off = new byte[33];
        off[0] = 2;
        off[32] = 1;
        boolean refused = false;
        for (int x = 0; x < 20 && !refused; x++) {
            off[32] = (byte) x;
            try {
                refused = !SignatureScheme.P256.verify(off, MESSAGE, signature);
            } catch (SignatureException e) {
                refused = e.getMessage() != null && e.getMessage().contains("not well formed");
            }
        }
        assertThat(refused).isTrue();
        byte[] secp256k1Point =
                HexFormat.of().parseHex("0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798");
        assertThat(catchVerify(secp256k1Point, signature)).isFalse();
    }

    private static boolean catchVerify(byte[] key, byte[] signature) {
        try {
            return SignatureScheme.P256.verify(key, MESSAGE, signature);
        } catch (SignatureException e) {
            return false;
        }
    }

    @Test
    void ed25519MatchesTheRfc() {
        // RFC 8032 section 7.1, test 2.
        SigningKey key = SigningKey.of(
                SignatureScheme.ED25519,
                HexFormat.of().parseHex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"));
        assertThat(HexFormat.of().formatHex(key.publicKey()))
                .isEqualTo("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
        assertThat(HexFormat.of().formatHex(key.sign(new byte[] {0x72})))
                .startsWith("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da");
    }

    @Test
    void p256MatchesTheRfc() {
        // RFC 6979 section A.2.5, SHA-256, "sample"; s is the low one of the two forms.
        SigningKey key = SigningKey.of(
                SignatureScheme.P256,
                HexFormat.of().parseHex("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721"));
        assertThat(HexFormat.of().formatHex(key.sign("sample".getBytes(StandardCharsets.UTF_8))))
                .startsWith("efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716");
    }

    @Test
    void mlDsaAgreesWithThePlatformsOwn() throws Exception {
        SigningKey key = SigningKey.generate(SignatureScheme.ML_DSA_65, random);
        byte[] spki = new SubjectPublicKeyInfo(
                        new AlgorithmIdentifier(new ASN1ObjectIdentifier("2.16.840.1.101.3.4.3.18")), key.publicKey())
                .getEncoded();
        Signature verifier = Signature.getInstance("ML-DSA-65");
        verifier.initVerify(KeyFactory.getInstance("ML-DSA").generatePublic(new X509EncodedKeySpec(spki)));
        verifier.update(MESSAGE);
        assertThat(verifier.verify(key.sign(MESSAGE))).isTrue();
    }

    @Test
    void aTokenSignsWithoutGivingItsKeyAway(@TempDir Path folder) throws Exception {
        Path library = Path.of("/usr/lib/softhsm/libsofthsm2.so");
        Path tool = Path.of("/usr/bin/softhsm2-util");
        Assumptions.assumeTrue(Files.exists(library) && Files.exists(tool), "no softhsm2");
        // The library finds its configuration in the environment of its process: the test runs in one of its own.
        Path tokens = Files.createDirectories(folder.resolve("tokens"));
        Path configuration = folder.resolve("softhsm2.conf");
        Files.writeString(configuration, "directories.tokendir = " + tokens + "\nlog.level = ERROR\n");
        run(
                configuration,
                tool.toString(),
                "--init-token",
                "--free",
                "--label",
                "t",
                "--pin",
                "1234",
                "--so-pin",
                "1234");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        run(
                configuration,
                java,
                "-cp",
                System.getProperty("java.class.path"),
                TokenProbe.class.getName(),
                library.toString());
    }

    private static void run(Path configuration, String... command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("SOFTHSM2_CONF", configuration.toString());
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }

    /** Makes a key in the token, signs with it and verifies. */
    static final class TokenProbe {
        private TokenProbe() {}

        /** Ends with an exception unless everything holds. */
        public static void main(String[] arguments) throws Exception {
            Provider provider = Pkcs11Key.provider("soft", Path.of(arguments[0]), 0);
            KeyStore store = Pkcs11Key.login(provider, "1234".toCharArray());
            var generator = java.security.KeyPairGenerator.getInstance("EC", provider);
            generator.initialize(new java.security.spec.ECGenParameterSpec("secp256r1"));
            var pair = generator.generateKeyPair();
            var name = new org.bouncycastle.asn1.x500.X500Name("CN=token");
            var certificate = new org.bouncycastle.cert.X509v3CertificateBuilder(
                            name,
                            BigInteger.ONE,
                            java.util.Date.from(java.time.Instant.EPOCH),
                            java.util.Date.from(java.time.Instant.parse("2100-01-01T00:00:00Z")),
                            name,
                            SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded()))
                    .build(new org.bouncycastle.operator.jcajce.JcaContentSignerBuilder("SHA256withECDSA")
                            .setProvider(provider)
                            .build(pair.getPrivate()));
            var x509 = java.security.cert.CertificateFactory.getInstance("X.509")
                    .generateCertificate(new java.io.ByteArrayInputStream(certificate.getEncoded()));
            store.setKeyEntry("k", pair.getPrivate(), null, new java.security.cert.Certificate[] {x509});
            Pkcs11Key key = Pkcs11Key.open(provider, store, "k");
            if (!SignatureScheme.P256.verify(key.publicKey(), MESSAGE, key.sign(MESSAGE))) {
                throw new IllegalStateException("the token's signature does not hold");
            }
            try {
                Pkcs11Key.open(provider, store, "none");
            } catch (SignatureException expected) {
                return;
            }
            throw new IllegalStateException("a missing label was opened");
        }
    }
}
