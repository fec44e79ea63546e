package io.bitdelta.attestation.manifest;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.bitdelta.attestation.appraisal.Endorsements;
import io.bitdelta.attestation.bench.SampleEvidence;
import io.bitdelta.attestation.binding.Statement;
import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.attestation.fuzz.JudgedSample;
import io.bitdelta.attestation.fuzz.Refusals;
import io.bitdelta.attestation.json.JsonException;
import io.bitdelta.attestation.receipt.Citations;
import io.bitdelta.attestation.receipt.ComputeReceipt;
import io.bitdelta.attestation.receipt.Metering;
import io.bitdelta.attestation.sign.Secp256k1Key;
import io.bitdelta.attestation.typed.ComputeReceiptStruct;
import io.bitdelta.attestation.typed.Eip712Domain;
import io.bitdelta.attestation.typed.PublishMessage;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

class ManifestFuzzTest {
    private static final LuxDid SIGNER = LuxDid.of(31337, new byte[EvmAddress.LENGTH]);

    /** The documents that a block of canonical JSON can be: whatever is read is written again as the same bytes. */
    @FuzzTest(maxDuration = "10m")
    void block(byte[] bytes) {
        Refusals.reads(
                () -> {
                    Manifest manifest = Manifest.parse(bytes);
                    same(bytes, manifest.bytes());
                    manifest.section("evaluation");
                },
                ManifestException.class);
        Refusals.reads(
                () -> {
                    EvidenceBundle bundle = EvidenceBundle.parse(bytes);
                    same(bytes, bundle.bytes());
                    bundle.signedBy(SIGNER);
                },
                ManifestException.class);
        Refusals.reads(
                () -> {
                    ComputeReceipt receipt = ComputeReceipt.parse(bytes);
                    same(bytes, receipt.bytes());
                    receipt.hash();
                },
                JsonException.class);
        Refusals.reads(() -> same(bytes, Metering.parse(bytes).bytes()), JsonException.class);
        Refusals.reads(() -> same(bytes, Citations.parse(bytes).bytes()), JsonException.class);
    }

    private static void same(byte[] read, byte[] written) {
        Refusals.require(Arrays.equals(read, written), "what was read is written as other bytes");
    }

    /** Writes seeds anew: the argument is the folder of the test resources. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0], "io/bitdelta/attestation/manifest/ManifestFuzzTestInputs/block");
        Bytes32 id = Bytes32.ZERO;
        PublishMessage publish = new PublishMessage(id, id, 2_000_000_000L);
        EvmAddress registry = SIGNER.address();
        JudgedSample.seed(folder, "manifest", ManifestTest.plain().bytes());
        JudgedSample.seed(
                folder,
                "bundle",
                new EvidenceBundle(
                                new byte[] {3},
                                Endorsements.of(List.of(new byte[] {1, 2})),
                                SampleEvidence.snp().appraise(),
                                Statement.of(31337, registry, id, id, 2_000_000_000L),
                                publish,
                                Secp256k1Key.generate(new SecureRandom())
                                        .sign(publish.digest(new Eip712Domain("BitDeltaRegistry", 31337, registry))))
                        .bytes());
        JudgedSample.seed(
                folder,
                "receipt",
                new ComputeReceipt(new ComputeReceiptStruct(
                                BigInteger.ONE,
                                BigInteger.TWO,
                                BigInteger.TEN,
                                id,
                                id,
                                id,
                                id,
                                id,
                                100,
                                200,
                                id,
                                id,
                                SIGNER.toString(),
                                SIGNER.toString()))
                        .bytes());
        JudgedSample.seed(
                folder,
                "metering",
                new Metering(
                                "compress",
                                new Metering.Performance(Optional.of("15.9"), Optional.empty(), Optional.of("1")),
                                Metering.Privacy.NONE,
                                new Metering.Resources(1, 2, 3, 4))
                        .bytes());
        JudgedSample.seed(folder, "citations", new Citations(List.of("bafy", SIGNER.toString())).bytes());
    }
}
