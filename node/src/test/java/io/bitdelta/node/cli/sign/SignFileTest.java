package io.bitdelta.node.cli.sign;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.node.cli.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

final class SignFileTest {
    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void file() throws IOException {
        Files.writeString(path("manifest.json"), "{\"deltaRoot\":\"0x11\"}");
    }

    private Path path(String name) {
        return folder.resolve(name);
    }

    private int run(String... arguments) {
        CommandLine root = Main.commandLine();
        root.setOut(new PrintWriter(out));
        root.setErr(new PrintWriter(err));
        return root.execute(arguments);
    }

    private void signed(String scheme) {
        assertThat(run("sign", "key", "--scheme", scheme, "--out", path("key").toString()))
                .as(err.toString())
                .isZero();
        assertThat(run(
                        "sign",
                        "file",
                        path("manifest.json").toString(),
                        "--key",
                        path("key").toString(),
                        "--out",
                        path("sig").toString()))
                .as(err.toString())
                .isZero();
    }

    private int check(String file, String key) {
        return run(
                "sign",
                "check",
                path(file).toString(),
                "--key",
                path(key).toString(),
                "--signature",
                path("sig").toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ml-dsa-65", "ed25519", "p256"})
    void aSignatureHoldsForItsKeyAndFileOnly(String scheme) throws Exception {
        signed(scheme);
        assertThat(check("manifest.json", "key.pub")).as(err.toString()).isZero();
        Files.writeString(path("other.json"), "{\"deltaRoot\":\"0x12\"}");
        assertThat(check("other.json", "key.pub")).isEqualTo(3);
        assertThat(run(
                        "sign",
                        "key",
                        "--scheme",
                        scheme,
                        "--out",
                        path("stranger").toString()))
                .isZero();
        assertThat(check("manifest.json", "stranger.pub")).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({"ml-dsa-65,ML-DSA,ML-DSA-65", "ed25519,Ed25519,Ed25519", "p256,EC,SHA256withECDSAinP1363Format"})
    void otherProgramsReadTheKeyAndVerify(String scheme, String family, String algorithm) throws Exception {
        signed(scheme);
        String pem = Files.readString(path("key.pub"));
        byte[] der = Base64.getMimeDecoder()
                .decode(pem.replaceAll("-----[A-Z ]+-----", "").strip());
        Signature verifier = Signature.getInstance(algorithm);
        verifier.initVerify(KeyFactory.getInstance(family).generatePublic(new X509EncodedKeySpec(der)));
        verifier.update(Files.readAllBytes(path("manifest.json")));
        assertThat(verifier.verify(Files.readAllBytes(path("sig")))).isTrue();
    }

    @Test
    void theSecretIsTheOwnersAndIsNeverOverwritten() throws Exception {
        signed("ed25519");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path("key"))))
                .isEqualTo("rw-------");
        byte[] before = Files.readAllBytes(path("key"));
        assertThat(run(
                        "sign",
                        "key",
                        "--scheme",
                        "ed25519",
                        "--out",
                        path("key").toString()))
                .isEqualTo(2);
        assertThat(Files.readAllBytes(path("key"))).isEqualTo(before);
        assertThat(out.toString())
                .doesNotContain(new String(before, StandardCharsets.US_ASCII)
                        .lines()
                        .skip(1)
                        .findFirst()
                        .orElseThrow());
    }

    @Test
    void whatIsNoKeyIsAUsageError() throws Exception {
        signed("p256");
        assertThat(check("manifest.json", "key")).isEqualTo(2);
        assertThat(err.toString()).contains("PUBLIC KEY");
        Files.writeString(path("none"), "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
        assertThat(run(
                        "sign",
                        "file",
                        path("manifest.json").toString(),
                        "--key",
                        path("none").toString()))
                .isEqualTo(2);
        assertThat(run("sign", "key", "--scheme", "rsa", "--out", path("rsa").toString()))
                .isEqualTo(2);
        assertThat(err.toString()).contains("ml-dsa-65");
        assertThat(run("sign", "file", path("manifest.json").toString(), "--token", "/none.so", "--label", "k"))
                .isEqualTo(2);
    }

    @Test
    void aTokenSignsWithoutGivingItsKeyAway() throws Exception {
        Path library = Path.of("/usr/lib/softhsm/libsofthsm2.so");
        Assumptions.assumeTrue(Files.exists(library), "no softhsm2");
        Files.createDirectories(path("tokens"));
        Files.writeString(path("softhsm2.conf"), "directories.tokendir = " + path("tokens") + "\nlog.level = ERROR\n");
        Files.writeString(path("pin"), "1234\n");
        Files.writeString(path("provider.cfg"), "name = soft\nlibrary = %s\nslotListIndex = 0\n".formatted(library));
        Path bin = Path.of(System.getProperty("java.home"), "bin");
        process("softhsm2-util --init-token --free --label t --pin 1234 --so-pin 1234");
        process((bin.resolve("keytool")
                        + " -genkeypair -keystore NONE -storetype PKCS11 -storepass 1234 -providerClass"
                        + " sun.security.pkcs11.SunPKCS11 -providerArg %s -alias owner -keyalg EC -groupname secp256r1"
                        + " -dname CN=owner")
                .formatted(path("provider.cfg")));
        Files.writeString(path("classpath"), "-cp " + System.getProperty("java.class.path"));
        String main = "%s @%s %s ".formatted(bin.resolve("java"), path("classpath"), Main.class.getName());
        String token = " --token %s --label owner --password-file %s --out ".formatted(library, path("pin"));
        process(main + "sign public" + token + path("owner.pub"));
        process(main + "sign file " + path("manifest.json") + token + path("sig"));
        assertThat(check("manifest.json", "owner.pub")).as(err.toString()).isZero();
    }

    /** Tokens are found through the environment of the process. */
    private void process(String line) throws Exception {
        List<String> words = List.of(line.split(" "));
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment().put("SOFTHSM2_CONF", path("softhsm2.conf").toString());
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(line + "\n" + output).isZero();
    }
}
