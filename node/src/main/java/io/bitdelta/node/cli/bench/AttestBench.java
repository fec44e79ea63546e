package io.bitdelta.node.cli.bench;

import io.bitdelta.attestation.bench.SampleEvidence;
import io.bitdelta.attestation.envelope.Envelope;
import io.bitdelta.attestation.envelope.RecipientPrivateKey;
import io.bitdelta.attestation.pki.VerifyingKey;
import io.bitdelta.node.cli.CommandException;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.Output;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench attest}. */
@Command(
        name = "attest",
        description = "Verification against the bare signature checks in it, envelopes against AES-GCM.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  bitdelta bench attest --json"})
public final class AttestBench implements Callable<Integer> {
    /** Quote, quoting enclave's report and the chain of three that a quote brings along. */
    private static final int TDX_CHECKS = 5;

    private static final int TDX_MESSAGE = 700;
    private static final int SNP_MESSAGE = 672;
    private static final int MIB = 1 << 20;
    private static final Duration WARM_UP = Duration.ofSeconds(5);

    @Option(
            names = "--rounds",
            defaultValue = "15",
            description = "Timed rounds of each side (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--mib",
            defaultValue = "128",
            description = "Size of the sealed stream in MiB (default: ${DEFAULT-VALUE}).")
    private int mib;

    @Mixin
    private Output output;

    /** Called by picocli. */
    @SuppressWarnings("NullAway.Init") // picocli fills the fields
    public AttestBench() {}

    /** What is measured. */
    private interface Work {
        void run() throws Exception;
    }

    /**
     * One line.
     *
     * @param name of the row
     * @param value measured
     * @param unit of value and baseline
     * @param baseline the bare work
     * @param ratio value to baseline
     */
    public record Row(String name, double value, String unit, double baseline, double ratio) {}

    @Override
    public Integer call() throws Exception {
        if (rounds < 3 || mib < 1 || mib > 512) {
            throw CommandException.usage("--rounds must be at least 3 and --mib between 1 and 512");
        }
        List<Row> rows = new ArrayList<>();
        SampleEvidence tdx = SampleEvidence.tdx();
        SampleEvidence snp = SampleEvidence.snp();
        Bare p256 = new Bare("secp256r1", "SHA256withECDSAinP1363Format", TDX_MESSAGE);
        Bare p384 = new Bare("secp384r1", "SHA384withECDSAinP1363Format", SNP_MESSAGE);
        // Of a known platform, the quote's key is new in each quote and the key that signs the enclave's report is not.
        Work warm = () -> {
            p256.withNewKey(VerifyingKey::p256);
            p256.withKnownKey(VerifyingKey::p256);
        };
        rows.add(verification("tdx-verify", () -> require(tdx.appraise().affirming()), warm));
        rows.add(verification(
                "tdx-verify-new-platform", () -> require(tdx.appraiseUnseen().affirming()), () -> {
                    for (int i = 0; i < TDX_CHECKS; i++) {
                        p256.withNewKey(VerifyingKey::p256);
                    }
                }));
        rows.add(verification(
                "snp-verify", () -> require(snp.appraise().affirming()), () -> p384.withKnownKey(VerifyingKey::p384)));
        rows.addAll(envelopes());
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("results", rows);
        output.result(
                result,
                out -> rows.forEach(row -> out.printf(
                        "%-24s %10.3f %s  baseline %10.3f  ratio %.2f%n",
                        row.name(), row.value(), row.unit(), row.baseline(), row.ratio())));
        return ExitCode.OK;
    }

    private static void require(boolean holds) {
        if (!holds) {
            throw CommandException.failure("a sample is not affirming");
        }
    }

    private Row verification(String name, Work work, Work bare) throws Exception {
        double[] times = medians(work, bare, 40);
        return new Row(name, times[0] * 1e3, "ms", times[1] * 1e3, times[0] / times[1]);
    }

    /** Alternates both sides, so that the machine's mood hits both. Seconds per repetition. */
    private double[] medians(Work work, Work bare, int repetitions) throws Exception {
        warm(work);
        warm(bare);
        double[] first = new double[rounds];
        double[] second = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            first[i] = time(work, repetitions);
            second[i] = time(bare, repetitions);
        }
        Arrays.sort(first);
        Arrays.sort(second);
        return new double[] {first[rounds / 2], second[rounds / 2]};
    }

    /** Verifiers reach their speed only when the compiler has seen some thousand runs. */
    private static void warm(Work work) throws Exception {
        long end = System.nanoTime() + WARM_UP.toNanos();
        while (System.nanoTime() < end) {
            work.run();
        }
    }

    private static double time(Work work, int repetitions) throws Exception {
        long start = System.nanoTime();
        for (int i = 0; i < repetitions; i++) {
            work.run();
        }
        return (System.nanoTime() - start) / 1e9 / repetitions;
    }

    /** A signature check. */
    private interface Check {
        boolean holds(VerifyingKey key, byte[] message, byte[] signature);
    }

    /** A key with one signature, checked by the library that the verifiers use. */
    private static final class Bare {
        private final byte[] encoded;
        private final VerifyingKey key;
        private final byte[] message;
        private final byte[] signature;

        private Bare(String curve, String algorithm, int length) throws GeneralSecurityException {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(curve));
            KeyPair keys = generator.generateKeyPair();
            Signature signer = Signature.getInstance(algorithm);
            signer.initSign(keys.getPrivate());
            message = new byte[length];
            signer.update(message);
            signature = signer.sign();
            encoded = keys.getPublic().getEncoded();
            key = VerifyingKey.ofSubjectPublicKeyInfo(encoded);
        }

        private void withKnownKey(Check check) {
            require(check.holds(key, message, signature));
        }

        private void withNewKey(Check check) {
            require(check.holds(VerifyingKey.ofSubjectPublicKeyInfo(encoded), message, signature));
        }
    }

    private List<Row> envelopes() throws Exception {
        SecureRandom random = new SecureRandom();
        RecipientPrivateKey recipient = RecipientPrivateKey.generate(random);
        byte[] plain = new byte[mib * MIB];
        random.nextBytes(plain);
        ByteArrayOutputStream sink = new ByteArrayOutputStream(plain.length + MIB);
        Envelope.seal(new ByteArrayInputStream(plain), sink, List.of(recipient.publicKey()), random);
        byte[] sealed = sink.toByteArray();
        byte[] small = Arrays.copyOf(plain, 1);
        // The key agreement is the same for every length: without this, a few large streams would measure cold code.
        warm(() -> {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            Envelope.seal(new ByteArrayInputStream(small), out, List.of(recipient.publicKey()), random);
            Envelope.open(new ByteArrayInputStream(out.toByteArray()), OutputStream.nullOutputStream(), recipient);
        });
        SecretKeySpec key = new SecretKeySpec(new byte[32], "AES");
        byte[] target = new byte[MIB + 16];
        int whole = MIB + 16;
        byte[] bare = new byte[mib * whole];
        for (int i = 0; i < mib; i++) {
            cipher(Cipher.ENCRYPT_MODE, key).doFinal(plain, i * MIB, MIB, bare, i * whole);
        }
        double[] seal = medians(
                () -> Envelope.seal(
                        new ByteArrayInputStream(plain),
                        OutputStream.nullOutputStream(),
                        List.of(recipient.publicKey()),
                        random),
                () -> {
                    for (int at = 0; at < plain.length; at += MIB) {
                        cipher(Cipher.ENCRYPT_MODE, key).doFinal(plain, at, MIB, target, 0);
                    }
                },
                1);
        double[] open = medians(
                () -> Envelope.open(new ByteArrayInputStream(sealed), OutputStream.nullOutputStream(), recipient),
                () -> {
                    for (int i = 0; i < mib; i++) {
                        cipher(Cipher.DECRYPT_MODE, key).doFinal(bare, i * whole, whole, target, 0);
                    }
                },
                1);
        return List.of(speed("seal", seal), speed("open", open));
    }

    private Row speed(String name, double[] seconds) {
        double gib = mib / 1024.0;
        return new Row(name, gib / seconds[0], "GiB/s", gib / seconds[1], seconds[1] / seconds[0]);
    }

    /** A fresh object each time: the platform refuses one nonce twice in a row on the same one. */
    private static Cipher cipher(int mode, SecretKeySpec key) throws Exception {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        byte[] nonce = new byte[12];
        cipher.init(mode, key, new GCMParameterSpec(128, nonce));
        return cipher;
    }
}
