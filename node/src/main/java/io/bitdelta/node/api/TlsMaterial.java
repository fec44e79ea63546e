package io.bitdelta.node.api;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Holds certificate and key files against each other before a server uses them: says which file is wrong, and how. */
final class TlsMaterial {
    private static final Logger log = LoggerFactory.getLogger(TlsMaterial.class);
    private static final Pattern PKCS8 =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final long MOST_BYTES = 1 << 20;

    private TlsMaterial() {}

    /**
     * Checks that both files can be read and belong together.
     *
     * @throws ServerFailedException naming the configuration's key, the file, and what is wrong with it
     */
    static void check(ServerSettings.Tls files) {
        X509Certificate own = certificate(files.certificates());
        PrivateKey key = key(files.key(), own.getPublicKey().getAlgorithm());
        if (!belong(key, own.getPublicKey())) {
            throw new ServerFailedException("http.key: %s is not the key of the first certificate in %s, which is of %s"
                    .formatted(files.key(), files.certificates(), own.getSubjectX500Principal()));
        }
        try {
            own.checkValidity();
        } catch (CertificateExpiredException over) {
            log.error(
                    "http.certificates: {} expired on {}",
                    files.certificates(),
                    own.getNotAfter().toInstant());
        } catch (CertificateException early) {
            log.error(
                    "http.certificates: {} is not valid before {}",
                    files.certificates(),
                    own.getNotBefore().toInstant());
        }
    }

    private static X509Certificate certificate(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            Collection<? extends Certificate> chain =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (chain.isEmpty()) {
                throw new ServerFailedException("http.certificates: %s holds no certificate".formatted(file));
            }
            return (X509Certificate) chain.iterator().next();
        } catch (IOException unreadable) {
            throw new ServerFailedException(
                    "http.certificates: %s cannot be read (%s)"
                            .formatted(file, unreadable.getClass().getSimpleName()),
                    unreadable);
        } catch (CertificateException malformed) {
            throw new ServerFailedException(
                    "http.certificates: %s is no PEM file of certificates".formatted(file), malformed);
        }
    }

    private static PrivateKey key(Path file, String algorithm) {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new ServerFailedException("http.key: %s is no key, it is too large".formatted(file));
            }
            Matcher pem = PKCS8.matcher(Files.readString(file, StandardCharsets.US_ASCII));
            if (!pem.find()) {
                throw new ServerFailedException(
                        "http.key: %s is no PEM file with \"BEGIN PRIVATE KEY\" (PKCS 8, without a password); openssl pkcs8 -topk8 -nocrypt makes one"
                                .formatted(file));
            }
            return KeyFactory.getInstance(algorithm)
                    .generatePrivate(
                            new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1))));
        } catch (IOException unreadable) {
            throw new ServerFailedException(
                    "http.key: %s cannot be read (%s)"
                            .formatted(file, unreadable.getClass().getSimpleName()),
                    unreadable);
        } catch (GeneralSecurityException | IllegalArgumentException malformed) {
            throw new ServerFailedException(
                    "http.key: %s is no %s key, which the certificate is of".formatted(file, algorithm), malformed);
        }
    }

    private static boolean belong(PrivateKey key, PublicKey certified) {
        String algorithm =
                switch (certified.getAlgorithm()) {
                    case "EC" -> "SHA256withECDSA";
                    case "RSA" -> "SHA256withRSA";
                    default -> certified.getAlgorithm();
                };
        byte[] probe = "bitdelta".getBytes(StandardCharsets.US_ASCII);
        try {
            Signature sign = Signature.getInstance(algorithm);
            sign.initSign(key);
            sign.update(probe);
            byte[] signature = sign.sign();
            Signature verify = Signature.getInstance(algorithm);
            verify.initVerify(certified);
            verify.update(probe);
            return verify.verify(signature);
        } catch (GeneralSecurityException other) {
            return false;
        }
    }
}
