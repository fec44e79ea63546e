package io.bitdelta.node.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.node.api.contract.Contract;
import io.bitdelta.node.auth.CredentialRefusedException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The configured certificate is what clients see, a renewed one without a restart, and a wrong one never. */
final class TlsTest {
    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final Duration LOOK = Duration.ofMillis(200);

    @TempDir
    static Path folder;

    private static Pair first;
    private static Pair second;

    /** Certificate and key as PEM files, and the certificate. */
    private record Pair(Path certificates, Path key, X509Certificate certificate) {}

    @BeforeAll
    static void make() throws Exception {
        first = pair("first", "EC");
        second = pair("second", "RSA");
    }

    /** Made by the JDK's own tool. */
    private static Pair pair(String name, String algorithm) throws Exception {
        Path store = folder.resolve(name + ".p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "node",
                        "-keyalg",
                        algorithm,
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-validity",
                        "30",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        new String(PASSWORD))
                .redirectErrorStream(true)
                .start();
        keytool.getInputStream().readAllBytes();
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD);
        X509Certificate certificate = (X509Certificate) keys.getCertificate("node");
        return new Pair(
                Files.writeString(folder.resolve(name + ".pem"), pem("CERTIFICATE", certificate.getEncoded())),
                Files.writeString(
                        folder.resolve(name + ".key"),
                        pem("PRIVATE KEY", keys.getKey("node", PASSWORD).getEncoded())),
                certificate);
    }

    private static String pem(String what, byte[] der) {
        return "-----BEGIN %s-----%n%s%n-----END %s-----%n"
                .formatted(
                        what,
                        Base64.getMimeEncoder(64, "\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                                .encodeToString(der),
                        what);
    }

    private static TestApi serve(Path certificates, Path key) {
        return TestApi.start(
                new ServerSettings(
                        "127.0.0.1",
                        0,
                        Optional.of(new ServerSettings.Tls(certificates, key, LOOK)),
                        false,
                        Set.of(),
                        folder,
                        ServerSettings.Limits.USUAL,
                        true),
                Contract.load(),
                credential -> {
                    throw new CredentialRefusedException("unknown");
                },
                Lending.NONE,
                List.of(operations -> operations.on("live", call -> Reply.ok(Map.of("status", "live")))));
    }

    private static int ask(TestApi api, X509Certificate trusted) throws IOException, InterruptedException {
        try (HttpClient client =
                HttpClient.newBuilder().sslContext(trusting(trusted)).build()) {
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(URI.create("https://127.0.0.1:%d/health/live".formatted(api.port())))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(answer.body()).isEqualTo("{\"status\":\"live\"}");
            return answer.statusCode();
        }
    }

    private static SSLContext trusting(X509Certificate certificate) {
        try {
            KeyStore trust = KeyStore.getInstance("PKCS12");
            trust.load(null, null);
            trust.setCertificateEntry("node", certificate);
            TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(trust);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException broken) {
            throw new AssertionError(broken);
        }
    }

    @Test
    void theCertificateIsServedRenewedAndNeverReplacedByAWrongOne() throws IOException, InterruptedException {
        Path certificates = Files.copy(first.certificates(), folder.resolve("live.pem"));
        Path key = Files.copy(first.key(), folder.resolve("live.key"));
        try (TestApi api = serve(certificates, key)) {
            assertThat(ask(api, first.certificate())).isEqualTo(200);
            assertThatThrownBy(() -> ask(api, second.certificate())).isInstanceOf(SSLHandshakeException.class);

            // Half a renewal: the key does not fit the certificate, so the old pair stays.
            Files.copy(second.certificates(), certificates, StandardCopyOption.REPLACE_EXISTING);
            LockSupport.parkNanos(LOOK.multipliedBy(5).toNanos());
            assertThat(ask(api, first.certificate())).isEqualTo(200);

            Files.copy(second.key(), key, StandardCopyOption.REPLACE_EXISTING);
            boolean renewed = false;
            for (int i = 0; i < 100 && !renewed; i++) {
                LockSupport.parkNanos(LOOK.toNanos());
                renewed = trusts(api, second.certificate());
            }
            assertThat(renewed).isTrue();
            assertThatThrownBy(() -> ask(api, first.certificate())).isInstanceOf(SSLHandshakeException.class);
        }
    }

    private static boolean trusts(TestApi api, X509Certificate certificate) throws IOException, InterruptedException {
        try {
            return ask(api, certificate) == 200;
        } catch (SSLHandshakeException notYet) {
            return false;
        }
    }

    @Test
    void aPairThatDoesNotWorkIsNamedAtTheStart() throws IOException {
        Path none = folder.resolve("none.pem");
        assertThatThrownBy(() -> serve(none, first.key()))
                .isInstanceOf(ServerFailedException.class)
                .hasMessageContaining("http.certificates")
                .hasMessageContaining(none.toString());
        assertThatThrownBy(() -> serve(first.certificates(), none))
                .isInstanceOf(ServerFailedException.class)
                .hasMessageContaining("http.key")
                .hasMessageContaining(none.toString());
        Path text = Files.writeString(folder.resolve("text.pem"), "hello");
        assertThatThrownBy(() -> serve(text, first.key()))
                .isInstanceOf(ServerFailedException.class)
                .hasMessageContaining("http.certificates");
        assertThatThrownBy(() -> serve(first.certificates(), text))
                .isInstanceOf(ServerFailedException.class)
                .hasMessageContaining("BEGIN PRIVATE KEY");
        assertThatThrownBy(() -> serve(first.certificates(), second.key()))
                .isInstanceOf(ServerFailedException.class)
                .hasMessageContaining("http.key");
        Pair other;
        try {
            other = pair("other", "EC");
        } catch (Exception broken) {
            throw new AssertionError(broken);
        }
        assertThatThrownBy(() -> serve(first.certificates(), other.key()))
                .isInstanceOf(ServerFailedException.class)
                .hasMessageContaining("is not the key of the first certificate")
                .hasMessageContaining("CN=first");
    }
}
