package io.bitdelta.attestation.bench;

import io.bitdelta.attestation.pki.VerifyingKey;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.concurrent.TimeUnit;
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
 * A judgement with warm collateral beside the bare signature checks that it contains, by the same library over messages
 * of the same length.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 1)
public class VerifyBenchmark {
    /** Header, descriptor and body of a TD 1.5 quote. */
    private static final int TDX_MESSAGE = 702;

    private static final int QUOTING_ENCLAVE_REPORT = 384;
    private static final int SNP_MESSAGE = 672;

    private SampleEvidence tdx;
    private SampleEvidence snp;
    private Signed quote;
    private Signed enclave;
    private Signed report;

    /** A key with one signature of its own. */
    private static final class Signed {
        private final byte[] encoded;
        private final VerifyingKey key;
        private final byte[] message;
        private final byte[] signature;

        private Signed(String curve, String algorithm, int length) throws GeneralSecurityException {
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
    }

    @Setup
    public void sign() throws GeneralSecurityException {
        tdx = SampleEvidence.tdx();
        snp = SampleEvidence.snp();
        quote = new Signed("secp256r1", "SHA256withECDSAinP1363Format", TDX_MESSAGE);
        enclave = new Signed("secp256r1", "SHA256withECDSAinP1363Format", QUOTING_ENCLAVE_REPORT);
        report = new Signed("secp384r1", "SHA384withECDSAinP1363Format", SNP_MESSAGE);
    }

    @Benchmark
    public boolean tdx() {
        return tdx.appraise().affirming();
    }

    /** Of a known platform: the quote's key is new in each quote, the one that signs the enclave's report is not. */
    @Benchmark
    public boolean tdxBareChecks() {
        return VerifyingKey.ofSubjectPublicKeyInfo(quote.encoded).p256(quote.message, quote.signature)
                && enclave.key.p256(enclave.message, enclave.signature);
    }

    @Benchmark
    public boolean snp() {
        return snp.appraise().affirming();
    }

    @Benchmark
    public boolean snpBareCheck() {
        return report.key.p384(report.message, report.signature);
    }
}
