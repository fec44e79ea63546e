package io.bitdelta.attestation.bench;

import io.bitdelta.attestation.envelope.Envelope;
import io.bitdelta.attestation.envelope.RecipientPrivateKey;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Envelopes of 128 MiB, out of one stream and into another, beside the platform's AES-GCM over the same bytes in memory,
 * which it may take in pieces of 1 MiB without a stream. Milliseconds for 128 MiB.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms1g", "-Xmx1g"})
@Warmup(iterations = 8, time = 2)
@Measurement(iterations = 10, time = 1)
public class EnvelopeBenchmark {
    private static final int MIB = 1 << 20;
    private static final int PIECES = 128;
    private static final int TAG = 16;

    private final SecureRandom random = new SecureRandom();
    private final RecipientPrivateKey recipient = RecipientPrivateKey.generate(random);
    private final SecretKeySpec key = new SecretKeySpec(new byte[32], "AES");
    private final byte[] plain = new byte[PIECES * MIB];
    private final byte[] bareSealed = new byte[PIECES * (MIB + TAG)];
    private final byte[] piece = new byte[MIB + TAG];
    private byte[] sealed;

    @Setup
    public void fill() throws IOException, GeneralSecurityException {
        random.nextBytes(plain);
        ByteArrayOutputStream sink = new ByteArrayOutputStream(plain.length + MIB);
        Envelope.seal(new ByteArrayInputStream(plain), sink, List.of(recipient.publicKey()), random);
        sealed = sink.toByteArray();
        for (int i = 0; i < PIECES; i++) {
            cipher(Cipher.ENCRYPT_MODE, i).doFinal(plain, i * MIB, MIB, bareSealed, i * (MIB + TAG));
        }
    }

    @Benchmark
    public void seal() throws IOException {
        Envelope.seal(
                new ByteArrayInputStream(plain),
                OutputStream.nullOutputStream(),
                List.of(recipient.publicKey()),
                random);
    }

    @Benchmark
    public void open() throws IOException {
        Envelope.open(new ByteArrayInputStream(sealed), OutputStream.nullOutputStream(), recipient);
    }

    @Benchmark
    public void bareSeal() throws GeneralSecurityException {
        for (int i = 0; i < PIECES; i++) {
            cipher(Cipher.ENCRYPT_MODE, i).doFinal(plain, i * MIB, MIB, piece, 0);
        }
    }

    @Benchmark
    public void bareOpen() throws GeneralSecurityException {
        for (int i = 0; i < PIECES; i++) {
            cipher(Cipher.DECRYPT_MODE, i).doFinal(bareSealed, i * (MIB + TAG), MIB + TAG, piece, 0);
        }
    }

    private Cipher cipher(int mode, int i) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        byte[] nonce = new byte[12];
        nonce[0] = (byte) i;
        cipher.init(mode, key, new GCMParameterSpec(8 * TAG, nonce));
        return cipher;
    }
}
